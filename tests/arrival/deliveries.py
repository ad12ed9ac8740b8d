"""How facts travel in one example: which channel, in which batches, how often, in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, TypeVar

from .master_data import place_of_late_payee
from .records import RECORDS, Record, outside_the_plan

Channel = Literal["json", "soap", "cloudevents", "file"]
SIZES = (1, 1, 2, 3, 7, 20, 50, 100)
LARGEST_BATCH = 100
"""Of what travels in a request; a file takes any number."""
T = TypeVar("T")


@dataclass(frozen=True)
class Delivery:
    """Records of one kind that go out together through one channel."""

    channel: Channel
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Topic:
    """Master data that is published together: places in the list of all its events.

    With `anew` the events come under other event ids, as after a restored outbox.
    """

    places: tuple[int, ...]
    anew: bool = False


@dataclass(frozen=True)
class Example:
    """One way to send the same facts."""

    name: str
    seed: int = 0
    shuffled: bool = True
    orders_by: tuple[Channel, ...] = ("json", "soap", "file")
    others_by: tuple[Channel, ...] = ("cloudevents", "file")
    sizes: tuple[int, ...] = SIZES
    doubled: float = 0.35
    """How likely a record is to be sent once more, and once more again."""
    senders: int = 3
    runs_on_the_way: int = 0
    """How often the period is calculated while facts are still arriving."""
    payee_last: bool = False
    """Everything else arrives and is calculated before payee L1 gets to be known."""
    padding: int = 0
    """Orders of a principal without a plan that travel between the others, in files if any do."""

    def drawn(self, master_events: int) -> list[list[Delivery | Topic]]:
        """Return what is sent, in as many parts as there are runs on the way, plus one."""
        rng = Random(f"{self.name}/{self.seed}")
        chosen: list[Delivery | Topic] = [*self._records(rng), *self._master(rng, master_events)]
        if self.shuffled:
            rng.shuffle(chosen)
        else:
            chosen.sort(key=lambda item: isinstance(item, Delivery))
        if self.payee_last:
            late = place_of_late_payee()
            others = [_without(item, late) for item in chosen]
            return [others, [Topic((late,))]]
        cuts = sorted(rng.sample(range(1, len(chosen)), self.runs_on_the_way))
        return [
            chosen[start:end] for start, end in zip([0, *cuts], [*cuts, len(chosen)], strict=True)
        ]

    def facts(self, master_events: int) -> int:
        """Return how many different facts are sent."""
        records = {
            (record.kind, *sorted(record.fields.items()))
            for record in [*RECORDS, *outside_the_plan(self.padding)]
        }
        return len(records) + master_events

    def _records(self, rng: Random) -> list[Delivery]:
        found: list[Delivery] = []
        by_channel: dict[tuple[str, Channel], list[Record]] = {}
        for record in RECORDS:
            for _ in range(_copies(rng, self.doubled)):
                allowed = self.orders_by if record.kind == "orders" else self.others_by
                possible = [c for c in allowed if not (c == "soap" and record.has_lines)]
                channel = rng.choice(possible or ["json"])
                by_channel.setdefault((record.kind, channel), []).append(record)
        channel = "file" if "file" in self.orders_by else self.orders_by[0]
        padding = outside_the_plan(self.padding)
        by_channel.setdefault(("orders", channel), []).extend(padding)
        for (_, channel), records in by_channel.items():
            if self.shuffled:
                rng.shuffle(records)
            most = len(records) if channel == "file" else LARGEST_BATCH
            found += [
                Delivery(channel, tuple(part))
                for part in _cut(rng, records, lambda rng, most=most: min(most, self._size(rng)))
            ]
        return found

    def _master(self, rng: Random, events: int) -> list[Topic]:
        places = [place for place in range(events) for _ in range(_copies(rng, self.doubled))]
        if self.shuffled:
            rng.shuffle(places)
        return [
            Topic(tuple(part), anew=self.doubled > 0 and rng.random() < 0.2)
            for part in _cut(rng, places, self._size)
        ]

    def _size(self, rng: Random) -> int:
        return rng.choice(self.sizes)


def _without(item: Delivery | Topic, place: int) -> Delivery | Topic:
    if isinstance(item, Delivery):
        return item
    return replace(item, places=tuple(other for other in item.places if other != place))


def _copies(rng: Random, doubled: float) -> int:
    copies = 1
    while copies < 4 and rng.random() < doubled:
        copies += 1
    return copies


def _cut(rng: Random, items: Sequence[T], size: Callable[[Random], int]) -> list[Sequence[T]]:
    parts = []
    start = 0
    while start < len(items):
        end = start + size(rng)
        parts.append(items[start:end])
        start = end
    return parts


PLAIN = Example(
    "in order, once, in batches of 100",
    shuffled=False,
    orders_by=("json",),
    others_by=("cloudevents",),
    sizes=(100,),
    doubled=0,
    senders=1,
)

EXAMPLES: tuple[Example, ...] = (
    Example("singly by JSON", orders_by=("json",), others_by=("cloudevents",), sizes=(1,)),
    Example("singly by Outbound Message", orders_by=("soap",), sizes=(1,), doubled=0.1),
    Example("files of one row", orders_by=("file",), others_by=("file",), sizes=(1,), doubled=0),
    Example("one file a kind", orders_by=("file",), others_by=("file",), sizes=(100,)),
    Example("one large file", orders_by=("file",), others_by=("file",), sizes=(5000,),
            padding=1000),
    Example("a large file and singles", sizes=(1, 5000), padding=1050),
    Example("the large file's rows in requests", orders_by=("json",), sizes=(100,), padding=250),
    Example("everything three times", doubled=0.9),
    Example("a payee who gets to be known last", payee_last=True),
    Example("calculated while it arrives", runs_on_the_way=2),
    Example("calculated while a large file arrives", orders_by=("file", "json"),
            sizes=(1, 5000), padding=1050, runs_on_the_way=1),
    *(Example("drawn", seed=seed) for seed in range(1, 9)),
    *(Example("drawn and calculated on the way", seed=seed, runs_on_the_way=1)
      for seed in range(1, 3)),
)  # fmt: skip
