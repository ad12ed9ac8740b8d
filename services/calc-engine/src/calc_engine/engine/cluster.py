"""Where a calculation that is too large for one machine is worked out."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from calc_engine.engine.database import OpenDatabase

ORDERS_FROM = 10_000_000
"""From so many orders on, several machines are worth moving the relations between them."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Spark Connect server, such as `sc://sail.premia:50051`.

    `exchange` is a folder that this process and every worker of the cluster see under this path.
    """

    url: str
    exchange: Path
    orders_from: int = ORDERS_FROM


class ClientMissing(Exception):
    """Raised when a cluster is configured and the client for it is not installed."""

    def __init__(self, module: str) -> None:
        super().__init__(
            f"PREMIA_SPARK_CONNECT_URL is set, and {module} is not installed; install calc-engine "
            "with its extra `distributed`, or leave the setting empty to calculate on one machine."
        )


def open_cluster(cluster: Cluster) -> OpenDatabase:
    """Return what opens a connection to a cluster.

    Raises:
        ClientMissing: if the extra `distributed` is not installed.
    """
    try:
        from calc_engine.engine.spark import Spark  # noqa: PLC0415 - its client is an extra
    except ModuleNotFoundError as missing:
        raise ClientMissing(str(missing.name)) from missing
    return partial(Spark, cluster)
