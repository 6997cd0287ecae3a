"""居民身份证法: what a card proves, how long it is valid, and that nobody may keep it.

The measures for temporary cards stand in ``temporarycard``.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="identcard",
    zh="中华人民共和国居民身份证法",
    en="Resident Identity Card Law of the People's Republic of China",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2013, 1, 1)),
    note_zh="施行日期未读到；本库从2013年1月1日（第一代证停止使用之日）起引用。",
    note_en="The day of force was not read; cited from 2013-01-01, when first-generation cards ended.",
)

_article = Sheet(INSTRUMENT, Grade.A)

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "3",
        "身份证登记的项目：姓名、性别、民族、出生日期、常住户口所在地住址、公民身份号码、本人相片、指纹信息、有效期限和签发机关；视读和机读以此为限。",
        "A card shows name, sex, ethnic group, birth date, address, citizen number, photo, fingerprint, validity and issuer; reading is limited to these.",
        Held.CONSTRUCTION,
        why=(
            "只取证件类型和号码，场景写明时加姓名；照片、指纹从不进入系统。",
            "Only type and number are taken, the name where a scene says so; never photo or fingerprint.",
        ),
    ),
    _article(
        "5",
        "有效期：未满十六周岁五年；十六至二十五周岁十年；二十六至四十五周岁二十年；四十六周岁以上长期。",
        "Validity: five years below 16; ten from 16 to 25; twenty from 26 to 45; long-term from 46.",
        Held.CHECK,
        why=("“长期”是合法的有效期值。", "“Long-term” is a lawful expiry."),
    ),
    _article(
        "12",
        "领取新证之前可以领取临时居民身份证；可以用身份证证明身份，有关单位及其工作人员对知悉的个人信息保密。",
        "A temporary card serves while waiting; the card may be used to prove identity, and units keep its data secret.",
        Held.CONSTRUCTION,
        number="第十二条、第十三条",
        why=(
            "登记信息封存，读取须有用途。",
            "Registered data are sealed; opening needs a purpose.",
        ),
    ),
    _article(
        "15",
        "任何组织或者个人不得扣押居民身份证。",
        "Nobody may detain a resident identity card.",
        Held.CONSTRUCTION,
        why=(
            "没有“留下证件”这一步；看过即还。",
            "There is no step in which a card is kept: it is seen and given back.",
        ),
    ),
    _article(
        "17",
        "冒用他人身份证，或者使用伪造、骗领的身份证的，处罚款或者拘留。",
        "Using another's card, or a forged one: a fine or detention.",
        Held.OUT,
        why=(
            "由公安机关处罚；系统只得出“不符”或者“不实”。",
            "Punished by the police; the system only says mismatch or untrue.",
        ),
    ),
    _article(
        "19",
        "国家机关或者金融、电信、交通、教育、医疗等单位的人员泄露身份证信息的，依法处罚，单位责任人员一并处罚。",
        "Staff of state organs or of finance, telecom, transport, education, medical and like units leaking card data are punished, with those responsible.",
        Held.CONSTRUCTION,
        why=("见第十二条、第十三条。", "See articles 12 and 13."),
    ),
    _article(
        "23",
        "第一代居民身份证自2013年1月1日起停止使用；十五位号码不能再作为有效证件。",
        "First-generation cards ended on 2013-01-01; a fifteen-digit number is no valid document.",
        Held.CHECK,
        why=(
            "十五位数字按第一代证识别并说明原因。",
            "Fifteen digits are recognised as such and explained.",
        ),
    ),
)
