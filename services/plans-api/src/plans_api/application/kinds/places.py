"""Territories and product categories as kinds of master data."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plans_api.application.act import EventHeader
from plans_api.application.kind import Proposal
from plans_api.application.ports import PlaceRecords, PlansWork
from plans_api.domain.record import Record
from plans_api.domain.tree import ParentUnknown, Place, TreeHasCycle, must_reach_root
from premia_common.contracts.fields import Label
from premia_common.contracts.plans import ProductCategoryChanged, TerritoryChanged


async def _off_the_tree(
    records: PlaceRecords, proposals: Sequence[Proposal[Place]]
) -> Mapping[UUID, Exception]:
    """Refuse places whose way up does not end at a root."""
    parents = dict(await records.parents())
    parents |= {item.content.code: item.content.parent for item in proposals}
    refused: dict[UUID, Exception] = {}
    for item in proposals:
        try:
            must_reach_root(item.content.code, parents)
        except (TreeHasCycle, ParentUnknown) as error:
            refused[item.id] = error
    return refused


class Territories:
    """Territories form a tree."""

    name = "territory"

    def records(self, work: PlansWork) -> PlaceRecords:
        """Return the territories."""
        return work.territories

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Place]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those in a cycle or under an unknown parent."""
        return await _off_the_tree(work.territories, proposals)

    def event(self, record: Record[Place], header: EventHeader) -> TerritoryChanged:
        """Announce a territory."""
        place = record.content
        return TerritoryChanged(
            **header,
            version=record.version,
            code=place.code,
            parent=place.parent,
            label=Label(it=place.label_it, en=place.label_en),
        )


class ProductCategories:
    """Product categories form a tree."""

    name = "product category"

    def records(self, work: PlansWork) -> PlaceRecords:
        """Return the product categories."""
        return work.product_categories

    async def refusals(
        self, work: PlansWork, proposals: Sequence[Proposal[Place]]
    ) -> Mapping[UUID, Exception]:
        """Refuse those in a cycle or under an unknown parent."""
        return await _off_the_tree(work.product_categories, proposals)

    def event(self, record: Record[Place], header: EventHeader) -> ProductCategoryChanged:
        """Announce a product category."""
        place = record.content
        return ProductCategoryChanged(
            **header,
            version=record.version,
            code=place.code,
            parent=place.parent,
            label=Label(it=place.label_it, en=place.label_en),
        )
