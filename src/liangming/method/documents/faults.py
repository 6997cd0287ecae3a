"""What can be wrong with a document, in words that never repeat what was typed.

*Misuse* is a number that cannot be one of that kind: the clerk looks again and types again.
*Refusal* is a document that reads well and yet may not be used, with the article that says so.
"""

from __future__ import annotations

from liangming.errors import Kind, declare

UNREADABLE = declare(
    "document.unreadable",
    Kind.MALFORMED,
    zh="没有读到证件号码，请重新输入或扫读。",
    en="No document number could be read; please type or scan it again.",
)
LENGTH = declare(
    "document.length",
    Kind.MALFORMED,
    zh="号码的位数与所选证件不符，请对照证件核对位数，或改选证件类型。",
    en="The number has the wrong length for this document; count again or choose another type.",
)
CHARACTERS = declare(
    "document.characters",
    Kind.MALFORMED,
    zh="号码中有此类证件不会出现的字符，请对照证件重新输入。",
    en="The number has a character that this kind of document never carries; please type it again.",
)
LOOK_ALIKE = declare(
    "document.look-alike",
    Kind.MALFORMED,
    zh="应为数字的位置出现了字母，请留意 O 与 0、I 与 1、Z 与 2、S 与 5、B 与 8 等相近字形，系统不会代为更改。",
    en="A letter stands where a digit belongs; look closely at O and 0, I and 1, Z and 2, S and 5, "
    "B and 8. Nothing is changed for you.",
)
FORM = declare(
    "document.form",
    Kind.MALFORMED,
    zh="号码的写法与所选证件不符，请对照证件重新输入，或改选证件类型。",
    en="The number does not have this document's form; type it again or choose another type.",
)
CHECK_DIGIT = declare(
    "document.check-digit",
    Kind.INVALID,
    zh="号码的校验位对不上，多半是输错了一位或颠倒了两位，请对照证件重新输入。",
    en="The check digit does not agree: most often one digit is wrong or two are swapped; "
    "please compare with the document.",
)
REGION = declare(
    "document.region",
    Kind.INVALID,
    zh="号码开头的地址码不存在，请对照证件重新输入。",
    en="The number begins with a region code that does not exist; compare with the document.",
)
BIRTH = declare(
    "document.birth",
    Kind.INVALID,
    zh="号码中的出生日期不是真实存在的日期，或晚于今天，请对照证件重新输入。",
    en="The birth date in the number is not a real day, or lies ahead; compare with the document.",
)
FIRST_GENERATION = declare(
    "document.first-generation",
    Kind.REFUSED,
    zh="这是第一代居民身份证的15位号码，第一代证自2013年1月1日起停止使用，请出示第二代居民身份证或其他有效证件。",
    en="This is the 15-digit number of a first-generation card, which ended on 2013-01-01; "
    "please show the current card or another valid document.",
)
IS_RESIDENT_CARD = declare(
    "document.is-resident-card",
    Kind.INVALID,
    zh="这是居民身份证的号码，请改选“居民身份证”。",
    en="This is the number of a resident identity card; please choose that type.",
)
IS_RESIDENCE_PERMIT = declare(
    "document.is-residence-permit",
    Kind.INVALID,
    zh="号码以8开头，属于港澳台居民居住证，请改选“港澳台居民居住证”。",
    en="A number that begins with 8 belongs to the residence permit of Hong Kong, Macao and "
    "Taiwan residents; please choose that type.",
)
IS_PERMANENT_RESIDENCE = declare(
    "document.is-permanent-residence",
    Kind.INVALID,
    zh="号码以9开头，属于外国人永久居留身份证（2023版），请改选该类型。",
    en="A number that begins with 9 belongs to the 2023 foreigner's permanent residence card; "
    "please choose that type.",
)
IS_HK_MACAO = declare(
    "document.is-hk-macao",
    Kind.INVALID,
    zh="这是港澳居民来往内地通行证的号码，请改选该类型。",
    en="This is the number of a mainland travel permit for Hong Kong and Macao residents; "
    "please choose that type.",
)
IS_HK_MACAO_FOREIGN = declare(
    "document.is-hk-macao-foreign",
    Kind.INVALID,
    zh="号码以HA或MA开头，属于港澳居民来往内地通行证（非中国籍），请改选该类型。",
    en="A number that begins with HA or MA belongs to the permit for non-Chinese residents of "
    "Hong Kong and Macao; please choose that type.",
)
IS_CHINESE_PASSPORT = declare(
    "document.is-chinese-passport",
    Kind.INVALID,
    zh="这是中国护照。寄件查验所列的护照是外国公民护照，请出示居民身份证等其他证件。",
    en="This is a Chinese passport; the passport listed for sending parcels is a foreign "
    "citizen's. Please show an identity card or another listed document.",
)
IS_FOREIGN_PASSPORT = declare(
    "document.is-foreign-passport",
    Kind.INVALID,
    zh="这不是中国护照，请改选“护照（外国公民）”。",
    en="This passport is not a Chinese one; please choose the foreign citizen's passport.",
)
NOT_YET_ISSUED = declare(
    "document.not-yet-issued",
    Kind.REFUSED,
    zh="在查验之日，这种证件还没有开始签发，请核对证件类型和日期。",
    en="On the day of this check, this kind of document was not yet being issued; please look "
    "at the type and the date again.",
)
EXPIRED = declare(
    "document.expired",
    Kind.REFUSED,
    zh="证件已过有效期，请出示其他有效证件，或换领后再来办理。",
    en="The document is past its validity; please show another valid one, or come back after "
    "renewing it.",
)
EXPIRY_UNREADABLE = declare(
    "document.expiry-unreadable",
    Kind.MALFORMED,
    zh="有效期应填写日期或“长期”。",
    en="The validity is a date or “长期” (long-term).",
)
EXPIRY_IMPOSSIBLE = declare(
    "document.expiry-impossible",
    Kind.INVALID,
    zh="临时居民身份证的有效期为签发之日起三个月，所填日期与此不符，请对照证件核对。",
    en="A temporary identity card is valid for three months from its issue; the dates given do "
    "not agree with that. Please look at the card again.",
)
ISSUED_AHEAD = declare(
    "document.issued-ahead",
    Kind.INVALID,
    zh="签发日期晚于今天，请对照证件核对。",
    en="The date of issue lies ahead; please look at the document again.",
)
MRZ_SIZE = declare(
    "document.mrz-size",
    Kind.MALFORMED,
    zh="机读码的行数或每行长度不对（三行30、两行36或两行44个字符），请重新扫读，或改为手工输入号码。",
    en="The machine-readable zone has the wrong shape (3×30, 2×36 or 2×44 characters); scan "
    "again, or type the number instead.",
)
MRZ_CHECK_DIGIT = declare(
    "document.mrz-check-digit",
    Kind.INVALID,
    zh="机读码的校验位对不上，多半是扫读有误，请重新扫读，或改为手工输入号码。",
    en="A check digit of the machine-readable zone does not agree, most often a misread; scan "
    "again, or type the number instead.",
)
MRZ_DATE = declare(
    "document.mrz-date",
    Kind.INVALID,
    zh="机读码中的日期不是真实存在的日期，请重新扫读，或改为手工输入号码。",
    en="A date in the machine-readable zone is not a real day; scan again, or type the number "
    "instead.",
)
MRZ_NOT_PASSPORT = declare(
    "document.mrz-not-passport",
    Kind.INVALID,
    zh="扫读到的是签证或其他旅行证件的机读码，不是护照资料页，请扫读护照资料页。",
    en="The zone belongs to a visa or another travel document, not to a passport's data page; "
    "please scan the data page.",
)
USCC_ALPHABET = declare(
    "document.uscc-alphabet",
    Kind.MALFORMED,
    zh="统一社会信用代码只用数字和大写字母，且不含 I、O、Z、S、V，请留意 O 与 0、I 与 1、Z 与 2、S 与 5。",
    en="A unified social credit code uses digits and letters without I, O, Z, S and V; look "
    "closely at O and 0, I and 1, Z and 2, S and 5.",
)
USCC_LENGTH = declare(
    "document.uscc-length",
    Kind.MALFORMED,
    zh="统一社会信用代码为18位，请对照营业执照或法人证书重新输入。",
    en="A unified social credit code has 18 places; please compare with the certificate.",
)
NOT_ACCEPTED = declare(
    "document.not-accepted",
    Kind.REFUSED,
    zh="这种证件不在本企业列明的有效证件范围内，请出示居民身份证、通行证、居住证、外国公民护照等有效证件。",
    en="This kind of document is not among those this operator has listed; please show an "
    "identity card, a travel or residence permit, or a foreign citizen's passport.",
)
BASIS_MISSING = declare(
    "document.basis-missing",
    Kind.INVALID,
    zh="这种证件不在法规列明的范围内，要接受它，须在配置中用文字写明依据。",
    en="This kind of document is not listed by the order; to accept it, the configuration must "
    "state its basis in words.",
)
