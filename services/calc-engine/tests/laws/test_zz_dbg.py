from .test_stated_statements import *
def test_dbg():
    world = World((0,0,2500,0,0),(False,False,False,True,False),0,False,(0,0),None,())
    own, books = terms_of(TERMS[3], "CHF","CHF", None), Books([])
    for month in range(1,6):
        found = proposed(world, books, month, own)
        if found is None: continue
        p, nodes = found
        for line in p.lines:
            n=nodes[line.shown_node_id]
            r = check_tree(n, nodes)
            if r or line.shown!=Decimal(n.value): print(month, line.what, line.component, line.amount, line.shown, n, r, [nodes.get(c) for c in n.children])
        if month==4: approve(books,p)
    assert 0
