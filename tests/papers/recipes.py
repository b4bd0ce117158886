"""The papers for which there are records."""

from __future__ import annotations

from tests.papers.bucks_2016 import bucks_2016
from tests.papers.compare import Paper
from tests.papers.kent_2016 import kent_2016
from tests.papers.kent_2016_10 import kent_2016_10
from tests.papers.kent_cic_2017 import kent_cic_2017
from tests.papers.kirklees_2017 import kirklees_2017

PAPERS = {
    paper.name: paper
    for paper in (
        Paper("kent-scs", "kent-scs", kent_2016),
        Paper("kent-2016-10", "kent-scs", kent_2016_10),
        Paper("kent-cic", "kent-cic", kent_cic_2017),
        Paper("bucks", "bucks", bucks_2016),
        Paper("kirklees-cpb", "kirklees-cpb", kirklees_2017, stands="records"),
    )
}
