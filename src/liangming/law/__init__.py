"""The law, executable: one module per instrument, in the order of its articles.

What is where: ``words`` and ``facts`` are what rules may speak of; ``drafting`` is how an article
is written down; ``values`` holds every number with its day; ``CORPUS`` below is all of it, checked
for wholeness when this room is imported; ``coverage`` explains it, ``book`` prints ``docs/law``.

Ask it with ``liangming.rules.decide(CORPUS, question, facts, on=day)``.

It never carries a rule whose text is not verified (grade C is listed as open), never shows a
standard as law, never shows a ceiling of our own as a number of the law, and never allows because
it is silent.
"""

from __future__ import annotations

from typing import Final

from liangming.law import (
    accessibility,
    app191,
    audit_measures,
    civil,
    consumer,
    counterterror,
    courier,
    courier2019,
    csl,
    csl2016,
    delivery_privacy,
    express,
    face,
    identcard,
    incident_measures,
    local,
    minors,
    necessary,
    netdata,
    netid,
    pipl,
    postal,
    realname,
    shanghai,
    small_processors,
    spc,
    standards,
    standards_courier,
    standards_world,
    temporarycard,
    video,
)
from liangming.law.courier_values import COURIER_VALUES
from liangming.law.facts import VOCABULARY
from liangming.law.values import VALUES
from liangming.rules import Corpus

CORPUS: Final = Corpus(
    VOCABULARY,
    (
        # laws
        (counterterror.INSTRUMENT, counterterror.ARTICLES),
        (postal.INSTRUMENT, postal.ARTICLES),
        (pipl.INSTRUMENT, pipl.ARTICLES),
        (civil.INSTRUMENT, civil.ARTICLES),
        (csl2016.INSTRUMENT, csl2016.ARTICLES),
        (csl.INSTRUMENT, csl.ARTICLES),
        (identcard.INSTRUMENT, identcard.ARTICLES),
        (accessibility.INSTRUMENT, accessibility.ARTICLES),
        *consumer.INSTRUMENTS,
        # administrative regulations
        (courier2019.INSTRUMENT, courier2019.ARTICLES),
        (courier.INSTRUMENT, courier.ARTICLES),
        (netdata.INSTRUMENT, netdata.ARTICLES),
        (video.INSTRUMENT, video.ARTICLES),
        *minors.INSTRUMENTS,
        # judicial interpretation
        (spc.INSTRUMENT, spc.ARTICLES),
        # departmental rules
        (realname.INSTRUMENT, realname.ARTICLES),
        (express.INSTRUMENT, express.ARTICLES),
        (face.INSTRUMENT, face.ARTICLES),
        (netid.INSTRUMENT, netid.ARTICLES),
        (temporarycard.INSTRUMENT, temporarycard.ARTICLES),
        (audit_measures.INSTRUMENT, audit_measures.ARTICLES),
        (small_processors.INSTRUMENT, small_processors.ARTICLES),
        (incident_measures.INSTRUMENT, incident_measures.ARTICLES),
        # local regulations
        *shanghai.INSTRUMENTS,
        *local.INSTRUMENTS,
        # normative documents
        (delivery_privacy.INSTRUMENT, delivery_privacy.ARTICLES),
        (app191.INSTRUMENT, app191.ARTICLES),
        (necessary.INSTRUMENT, necessary.ARTICLES),
        # recommended standards: not law
        *standards.INSTRUMENTS,
        *standards_courier.INSTRUMENTS,
        *standards_world.INSTRUMENTS,
    ),
    (*VALUES, *COURIER_VALUES),
)
"""Every instrument, article, rule and dated value that Liangming knows."""

__all__ = ["CORPUS", "VOCABULARY"]
