from __future__ import annotations

import pytest

from liangming.scene.bait import CHINESE, ENGLISH, Bait, bait_in, says_only_service


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("刷脸支付，随机免单", "免单"),
        ("推·荐 使用", "推荐"),
        ("推\u200b荐", "推荐"),
        ("您的ＶＩＰ通道", "vip"),
        ("尊享VIP通道", "尊享"),
        ("秒开柜门", "秒开"),
        ("刷脸更安全", "更安全"),
        ("刷脸优先取件", "优先"),
        ("刷脸，不用排队", "不用排队"),
        ("Recommended", "recommended"),
        ("the FASTEST way", "fastest"),
        ("Win a prize", "win"),
        ("free\u3000drink", "free"),
        ("Safer than a card", "safer"),
    ],
)
def test_bait_is_found_however_it_is_dressed(text, word):
    assert Bait(word) in bait_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "变更快递地址，请联系柜台",  # 更快 by accident of spelling
        "如需变更安全协议，请联系我们",  # 更安全 likewise
        "避免单独留下快件",  # 免单 likewise
        "优先为老年人办理",
        "老年人优先",
        "刷脸不会更快，也没有优惠",
        "本机不作强制性推荐",
        "Feel free to choose",
        "You are free to decline",
        "Help is free of charge; toll-free number 400",
        "Priority for the elderly",
        "No way is faster: it is not faster to use your face",
        "freedom, winter, breakfast and bestow",
        "刷脸需要单独同意，可随时撤回",
    ],
)
def test_innocent_sentences_stay_innocent(text):
    assert bait_in(text) == ()


@pytest.mark.parametrize("word", [*CHINESE, *ENGLISH])
def test_every_word_of_the_list_is_found_by_itself(word):
    assert bait_in(f"：{word}！") != ()


@pytest.mark.parametrize(
    "purpose",
    ["提升服务", "安全", "为了提升服务质量，改善客户体验", "保障公共安全", "提供更优质的服务"],
)
def test_a_purpose_of_service_or_security_alone_is_no_purpose(purpose):
    assert says_only_service(purpose) is True


@pytest.mark.parametrize(
    "purpose", ["核对取件码", "收取货款", "依法查验寄件人身份，保障寄递安全", "办理入住", ""]
)
def test_a_purpose_that_names_a_thing_is_one(purpose):
    assert says_only_service(purpose) is False
