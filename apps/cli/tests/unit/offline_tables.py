"""A folder of tables whose result is worked out in the agency plan's own examples."""

from pathlib import Path

TABLES = {
    "payees": "payee_id,valid_from,valid_to,kind,channel\nA1,,,agency,field\nM1,,,agency,field\n",
    "assignments": "payee_id,principal\nA1,P\nM1,P\n",
    "edges": "hierarchy,payee_id,reports_to\nsales,A1,M1\n",
    "orders": "order_id,principal,signed_on,seller,category,territory,amount,currency\n"
    "O1,P,2026-02-20,A1,gas,nord,40000.00,EUR\n"
    "O2,P,2026-02-27,A1,gas,nord,26000,EUR\n",
    "order_states": "order_id,state,day\n"
    "O1,activated,2026-03-04\n"
    "O1,first_bill_paid,2026-04-15\n"
    "O2,activated,2026-03-20\n"
    "O2,cancelled,2026-05-20\n",
    "targets": "payee_id,name,month,amount\nA1,activated_value,2026-03,50000\n",
    "measurements": "payee_id,name,month,value\nA1,first_time_right,2026-03,95 %\n",
}


def write_tables(folder: Path, **changed: str) -> Path:
    """Write the tables, some of them changed, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**TABLES, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
