"""A table as pyarrow writes it, and what its cells are: python data/reference/parquet.py > data/reference/parquet.json

Made with pyarrow 26.0.1 and pandas 3.1.1 (pip install pyarrow pandas).
"""

import base64, datetime, decimal, io, json, sys
import pandas as pd, pyarrow as pa, pyarrow.parquet as pq

D = decimal.Decimal
days = [datetime.date(2020, 2, 29), None, datetime.date(1900, 1, 1)]
times = [datetime.datetime(2020, 1, 2, 3, 4, 5, 678901), None, datetime.datetime(1969, 12, 31, 23, 59, 59)]
plain = pa.table(
    dict(
        decimal=pa.array([D("123.45"), None, D("-0.07")], pa.decimal128(9, 2)),
        wide=pa.array([D("0.3"), None, D("-11.1")], pa.decimal128(38, 1)),
        millis=pa.array(times, pa.timestamp("ms")),
        micros=pa.array(times, pa.timestamp("us", tz="Europe/Berlin")),
        nanos=pa.array(times, pa.timestamp("ns")),
        day=pa.array(days, pa.date32()),
        yes=pa.array([True, None, False]),
        long=pa.array([2**53 + 1, None, -(2**62)], pa.int64()),
        unsigned=pa.array([2**64 - 1, None, 5], pa.uint64()),
        half=pa.array([1.5, None, -2], pa.float16()),
        single=pa.array([0.1, None, float("nan")], pa.float32()),
        kind=pa.array(["x", None, "é"]).dictionary_encode(),
        constructor=pa.array(["a", None, ""]),
    )
)
cells = dict(
    decimal=["123.45", "", "-0.07"],
    wide=["0.3", "", "-11.1"],
    day=["2020-02-29T00:00:00.000Z", "", "1900-01-01T00:00:00.000Z"],
    yes=["true", "", "false"],
    long=[str(2**53 + 1), "", str(-(2**62))],
    unsigned=[str(2**64 - 1), "", "5"],
    half=["1.5", "", "-2"],
    single=["0.10000000149011612", "", "NaN"],
    kind=["x", "", "é"],
    constructor=["a", "", ""],
)
for name in ["millis", "micros", "nanos"]:
    cells[name] = ["" if t is None else t.isoformat(timespec="milliseconds") + "Z" for t in times]

frame = pd.DataFrame(dict(a=[1.5, 2.5, 3.5], y=["u", "v", "u"]))


def saved(table, **kwargs):
    out = io.BytesIO()
    pq.write_table(table, out, **kwargs)
    return base64.b64encode(out.getvalue()).decode()


files = dict(
    plain=saved(plain, compression="snappy", store_schema=False),
    groups=saved(plain, compression="gzip", row_group_size=2, use_dictionary=False, store_schema=False),
    index=saved(pa.Table.from_pandas(frame.sort_values("y"))),
    unsaid=saved(pa.Table.from_pandas(frame.sort_values("y")), store_schema=False),
    named=saved(pa.Table.from_pandas(frame.set_index("y"))),
    range=saved(pa.Table.from_pandas(frame)),
    list=saved(pa.table(dict(a=[1, 2], l=[[1], [2, 3]])), store_schema=False),
    record=saved(pa.table(dict(a=[1, 2], r=[dict(p=1), dict(p=2)])), store_schema=False),
    map=saved(pa.table(dict(a=[1], m=pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())))), store_schema=False),
    twins=saved(pa.Table.from_arrays([pa.array([1, 2]), pa.array([3, 4])], names=["a", "a"]), store_schema=False),
)
json.dump(dict(files=files, cells={name: cells[name] for name in plain.column_names}), sys.stdout, indent=1, ensure_ascii=False)
print()
