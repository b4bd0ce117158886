from collections import Counter
from dq.proofread import proofread
from tests.proof import generated


def test_no_false(tmp_path):
    cards = [generated.scorecard(seed, f"S{seed}") for seed in range(200)]
    files, places = generated.write(cards, tmp_path)
    proof = proofread(files, tmp_path / "out")
    print(len(places), Counter(d.rule.id for d in proof.doubts))
    print([r for r in proof.results if r.status.value in ("error", "skipped")])
    seen = Counter()
    for d in proof.doubts:
        seen[d.rule.id] += 1
        if seen[d.rule.id] < 4:
            p, r = places[d.row_no]
            print(d.rule.id, d.message, p, {k: v for k, v in next(c for c in cards if c.paper == p.replace(" earlier", "")).row(r).items() if v})
    assert not proof.doubts
