import time, pathlib, asyncio, sys
from uuid import UUID
import pyarrow.parquet as pq
from calc_engine.application.ports import FactRow
from .conftest import Office
from .api.flows import submit, approve_all, close, tax_answer
import os, cProfile, pstats
T='0193a000-0000-7000-8000-000000000001'
ROOT=pathlib.Path('/tmp/cehw/store')/T/'segments'
class clock:
    def __init__(s,n): s.n=n
    def __enter__(s): s.c=time.process_time(); s.w=time.time()
    def __exit__(s,*a): print(f'\n{s.n:28} cpu {time.process_time()-s.c:6.2f} wall {time.time()-s.w:6.2f}', flush=True)
def rows(name):
    t=pq.read_table(name)
    return [FactRow(k,key,v,ka,UUID(e),b,d) for k,key,v,ka,e,b,d in zip(*[c.to_pylist() for c in t.columns])]
async def test_bench(office: Office):
    segs=sorted(ROOT.glob('*.parquet'), key=lambda p:-p.stat().st_size)
    first=rows(segs[0]); 
    with clock('add facts'):
        async with office.service.runtime.open_work(office.tenant) as w:
            await w.facts.add(first)
    await office.open('2026-02')
    want=os.environ.get('BENCH_PROF')
    p=cProfile.Profile()
    if want=='run': p.enable()
    with clock('run 02'): run=await office.run('2026-02')
    if want=='run': p.disable(); pstats.Stats(p).sort_stats('tottime').print_stats(30)
    print(run['counts'], run['result_digest'][:12])
    await office.analyst.post(f"/v1/runs/{run['id']}/submit", {'accept': []})
    st=await office.statements('2026-02')
    ev=[tax_answer(office,i) for i in st]
    if want=='tax': p.enable()
    with clock(f'tax {len(ev)}'): await office.arrive(ev)
    if want=='tax': p.disable(); pstats.Stats(p).sort_stats('tottime').print_stats(30)
    if want=='approve': p.enable()
    with clock('approve'): r=await approve_all(office,'2026-02')
    if want=='approve': p.disable(); pstats.Stats(p).sort_stats('tottime').print_stats(60)
    print(r['approved'], r['refused'])
    big=max(st,key=lambda s: float(s['payable']['amount']))
    ls=(await office.analyst.get(f"/v1/statements/{big['id']}/lines")).json()['items']
    for i in range(2):
        with clock('explain line'):
            a=await office.analyst.get(f"/v1/statements/{big['id']}/lines/{ls[i]['id']}/explain", words='it'); assert a.status_code==200
    if want=='explain': p.enable()
    with clock('explain statement'):
        a=await office.analyst.get(f"/v1/statements/{big['id']}/explain", words='en'); assert a.status_code==200
    if want=='explain': p.disable(); pstats.Stats(p).sort_stats('cumtime').print_stats(50)
    print(len(ls), len(a.content)); print(a.json()['words'][:3])
    n=a
    print((await office.analyst.get(f"/v1/statements/{big['id']}/lines/{ls[0]['id']}/explain", words='en')).json()['words'])
    await close(office,'2026-02')
    async with office.service.runtime.open_work(office.tenant) as w:
        await w.facts.add(rows(segs[1])+rows(segs[2]) if len(segs)>2 else rows(segs[1]))
    with clock('run 03'): run3=await office.run('2026-03')
    print(run3['counts'], run3['result_digest'][:12])
    with clock('replay'):
        a=await office.analyst.post(f"/v1/runs/{run['id']}/replays"); await office.work()
    print((await office.analyst.get(a.headers['Location'])).json()['same'])
