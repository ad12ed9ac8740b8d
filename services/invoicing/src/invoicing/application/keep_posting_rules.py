"""Keeping a principal's posting rules."""

from uuid import UUID

from invoicing.application.ports import InvoicingWork, Occasion
from invoicing.domain.party import PrincipalNotKnown
from invoicing.domain.posting_rules import PostingRules, PostingRulesChanged


async def keep_posting_rules(
    work: InvoicingWork, *, principal_id: UUID, rules: PostingRules, by: UUID, occasion: Occasion
) -> PostingRules:
    """Keep the next version of a principal's rules; version 0 stands for none of its own.

    Raises:
        PrincipalNotKnown: if the principal was not announced here.
        PostingRulesChanged: if `rules` is not the version after the newest one.
    """
    if await work.parties.principal(principal_id) is None:
        raise PrincipalNotKnown(principal_id)
    newest = await work.posting_rules.of(principal_id)
    version = newest.version if newest else 0
    if rules.version != version + 1:
        raise PostingRulesChanged(version)
    await work.posting_rules.add(principal_id, rules, by, occasion.now)
    return rules
