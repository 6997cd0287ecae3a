"""Whether the name on the waybill is the name on the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.method.documents import Match, Mismatch, Unclear, Why, same_name

MATCH, MISMATCH = Match(), Mismatch()
RARE, DOTS, SCRIPT = Unclear(Why.RARE), Unclear(Why.DOTS), Unclear(Why.SCRIPT)
LATIN, MISSING = Unclear(Why.TRANSLITERATION), Unclear(Why.MISSING)

CASES = [
    # waybill, document, answer
    ("张三", "张三", MATCH),
    (" 张 三\u3000", "张三", MATCH),
    ("张三", "张四", MISMATCH),
    ("张三", "张三丰", MISMATCH),
    ("张三", "三张", MISMATCH),
    ("陳三", "陈三", MISMATCH),
    ("阿卜杜·热合曼", "阿卜杜•热合曼", MATCH),
    ("阿卜杜・热合曼", "阿卜杜‧热合曼", MATCH),
    ("阿卜杜･热合曼", "阿卜杜．热合曼", MATCH),
    ("阿卜杜.热合曼", "阿卜杜 · 热合曼", MATCH),
    ("阿卜杜热合曼", "阿卜杜·热合曼", DOTS),
    ("阿卜杜·热合曼", "阿卜杜·热合买提", MISMATCH),
    ("Anna Maria Eriksson", "ERIKSSON ANNA MARIA", MATCH),
    ("ＡＮＮＡ eriksson", "Eriksson, Anna", MATCH),
    ("Jean-Pierre O'Neil", "ONEIL JEAN PIERRE", MATCH),
    ("J. R. Smith", "SMITH J R", MATCH),
    ("Anna Eriksson", "Anna Maria Eriksson", MISMATCH),
    ("Anna Anna Eriksson", "Anna Eriksson Eriksson", MISMATCH),
    ("Anna Eriksson", "Anna Ericsson", MISMATCH),
    ("Jürgen Müller", "MUELLER JUERGEN", LATIN),
    ("Jürgen Müller", "MULLER JURGEN", LATIN),
    ("José Núñez", "NUNEZ JOSE", LATIN),
    ("José Núñez", "José Núñez", MATCH),
    ("Jose\u0301 Nunez", "José Nunez", MATCH),
    ("Jürgen Müller", "Hans Meier", MISMATCH),
    ("张三", "ZHANG SAN", SCRIPT),
    ("李\U00020000", "李\U00020000", MATCH),
    ("李\U00020000", "李某", RARE),
    ("李䶮", "李yan", RARE),
    ("李\ue123", "李\ue123", RARE),
    ("李\ue123", "李某", RARE),
    ("李?", "李四", RARE),
    ("李*", "李四", RARE),
    ("李□", "李四", RARE),
    ("李\ufffd", "李四", RARE),
    ("⿰王某", "王某", RARE),
    ("葛\U000e0100城", "葛城", MATCH),
    ("\u200e张三\u202c", "张三", MATCH),
    ("", "张三", MISSING),
    (" · ", "张三", MISSING),
    ("张" * 201, "张" * 201, MISSING),
]


@pytest.mark.parametrize(("waybill", "document", "answer"), CASES)
def test_two_names_are_compared(waybill, document, answer):
    assert same_name(waybill, document) == answer


@pytest.mark.parametrize(("waybill", "document", "answer"), CASES)
def test_it_does_not_matter_which_name_comes_first(waybill, document, answer):
    assert same_name(document, waybill) == answer


@given(st.text(), st.text())
def test_any_two_texts_have_an_answer_that_does_not_repeat_them(one, other):
    answer = same_name(one, other)
    expected = {MATCH, MISMATCH} | {Unclear(why) for why in Why}
    assert answer in expected
    assert repr(answer) in {repr(known) for known in expected}


@given(st.text("张王李赵陈刘杨黄周吴·", min_size=1, max_size=12))
def test_a_name_is_itself_however_it_is_spaced(name):
    answer = same_name(" ".join(name), name)
    assert answer == (MATCH if name.strip("·") else MISSING)
