"""What can be wrong with a mandate or a packet, each with its own code and plain words."""

from __future__ import annotations

from liangming.errors import Code, Kind, declare


def _refused(name: str, zh: str, en: str) -> Code:
    return declare(f"inspection.{name}", Kind.REFUSED, zh=zh, en=en)


# Mandates and people
MANDATE_MALFORMED = declare(
    "inspection.mandate-malformed",
    Kind.MALFORMED,
    zh="检查任务文件读不出来，请对照文档检查格式。",
    en="The mandate cannot be read; please compare its form with the documentation.",
)
MANDATE_UNFIT = declare(
    "inspection.mandate-unfit",
    Kind.INVALID,
    zh="检查任务里有一项不合适，请修改。",
    en="One item of the mandate does not fit; please change it.",
)
MANDATE_UNREGISTERED = declare(
    "inspection.mandate-unregistered",
    Kind.ABSENT,
    zh="这项检查任务还没有登记，请先运行 liangming packet register。",
    en="This mandate is not registered; run `liangming packet register` first.",
)
PASSPHRASE_NEEDED = declare(
    "inspection.passphrase-needed",
    Kind.ABSENT,
    zh="这个钥匙文件有口令。请在终端上输入，或用 LIANGMING_PASSPHRASE_FILE 指明存有口令的文件。",
    en="This key file is under a passphrase; enter it at a terminal, or name a file that holds it"
    " with LIANGMING_PASSPHRASE_FILE.",
)
PEOPLE_KEY_MALFORMED = declare(
    "inspection.approver-key-malformed",
    Kind.MALFORMED,
    zh="批准人的钥匙文件读不出来。",
    en="The approver's key file cannot be read.",
)
SECRET_WRONG = declare(
    "inspection.secret-wrong",
    Kind.INVALID,
    zh="这不是检查任务里承诺的那个随机数，样本无法确定。",
    en="This is not the secret that the mandate committed to; the sample cannot be drawn.",
)

# Making
PLAN_MALFORMED = declare(
    "inspection.plan-malformed",
    Kind.MALFORMED,
    zh="检查包的方案文件读不出来。",
    en="The plan of the packet cannot be read.",
)
PLAN_OUTDATED = declare(
    "inspection.plan-outdated",
    Kind.OUT_OF_ORDER,
    zh="方案做好之后存证有了变化（例如有人的登记被删除），请重新做方案并批准。",
    en="Something changed since the plan was made (somebody was erased, for example); "
    "please plan and approve again.",
)
PLAN_OTHER = _refused(
    "plan-other-mandate",
    "这个方案属于另一项检查任务。",
    "This plan belongs to another mandate.",
)

# A packet as a file
PACKET_MALFORMED = declare(
    "inspection.packet-malformed",
    Kind.MALFORMED,
    zh="检查包读不出来，可能不完整或被改过。",
    en="The packet cannot be read; it may be cut off or changed.",
)
PACKET_VERSION = _refused(
    "packet-version",
    "检查包的版本不认识，请用新版软件核验。",
    "The packet has an unknown version; please verify it with a newer release.",
)
MANIFEST_DIFFERS = _refused(
    "manifest-differs",
    "检查包里的文件与清单对不上，有文件被改过、缺少或多出。",
    "A file of the packet does not match the manifest: changed, missing or added.",
)

# What a packet claims
PLAN_DIFFERS = _refused(
    "plan-differs",
    "经批准的方案与检查包里的内容算出来的不一致。",
    "The approved plan is not what the packet's content leads to.",
)
CHECKPOINT_STALE = _refused(
    "checkpoint-stale",
    "检查包里的存证签名早于检查任务的登记，证明不了什么。",
    "The signed head in the packet is older than the mandate's registration and proves nothing.",
)
SINCE_OTHER = _refused(
    "since-differs",
    "清查的起点不是检查任务写明的那个存证签名。",
    "The census does not begin at the head that the mandate names.",
)
CENSUS_BROKEN = _refused(
    "census-broken",
    "清查里有条目被改过、缺少或多出：它们合起来不是签名的那本存证。",
    "An entry of the census was changed, left out or added: together they are not the signed log.",
)
CENSUS_HIDES = _refused(
    "census-hides",
    "清查里有条目没有公开判断是否属于检查范围所需的内容。",
    "An entry of the census does not show what is needed to tell whether it is in scope.",
)
CENSUS_GAP = _refused(
    "census-gap",
    "清查里某次查验的事件编号不连续。",
    "The events of a check in the census are not numbered without a gap.",
)
UNREGISTERED = _refused(
    "registration-missing",
    "存证里没有这项检查任务的登记，或者登记的不是这一份。",
    "The log does not hold the registration of this mandate, or holds that of another.",
)
COUNT_DIFFERS = _refused(
    "registration-count-differs",
    "登记时数出来的与现在的清查对不上：已删除的不会变少，范围内的不会变多。",
    "What the registration counted does not fit the census: the erased cannot have become fewer, "
    "nor those in scope more.",
)
SEED_WRONG = _refused(
    "seed-wrong",
    "抽样种子不是由承诺的随机数和存证算出来的。",
    "The seed does not follow from the committed secret and the log.",
)
SAMPLE_MISSING = _refused(
    "sample-missing",
    "样本里少了抽中的查验。",
    "A check that was drawn is missing from the sample.",
)
SAMPLE_ADDED = _refused(
    "sample-added",
    "样本里多了没有抽中的查验。",
    "The sample holds a check that was not drawn.",
)
SAMPLE_REPLACED = _refused(
    "sample-replaced",
    "样本里有查验被换成了没有抽中的。",
    "A check of the sample was replaced by one that was not drawn.",
)
SAMPLE_REORDERED = _refused(
    "sample-reordered",
    "样本的次序不是抽出的次序。",
    "The sample is not in the order in which it was drawn.",
)
SAMPLE_EVENTS = _refused(
    "sample-events",
    "样本中某次查验的事件不齐，或者与存证条目对不上。",
    "The events of a sampled check are not complete, or do not open their leaves.",
)
NOTICE_DIFFERS = _refused(
    "notice-differs",
    "检查包里的告知文本不是当时展示的那一份。",
    "A notice in the packet is not the one that was shown.",
)
NOTICE_MISSING = _refused(
    "notice-missing",
    "检查包里缺少样本中展示过的告知文本。",
    "A notice that was shown in the sample is missing from the packet.",
)
APPROVAL_MISSING = _refused(
    "approval-missing",
    "检查包需要两人批准，现在不够两份。",
    "A packet needs the approval of two people; there are fewer.",
)
APPROVAL_SAME = _refused(
    "approval-same-person",
    "两份批准出自同一个人。",
    "Both approvals are by the same person.",
)
APPROVAL_STRANGER = _refused(
    "approval-stranger",
    "有批准出自检查任务没有列出的人。",
    "An approval is by somebody whom the mandate does not list.",
)
APPROVAL_WRONG = _refused(
    "approval-wrong",
    "有批准的签名不对，或者批准的不是这个方案。",
    "The signature of an approval does not verify, or it approves another plan.",
)

# Findings
FINDING_UNFIT = declare(
    "inspection.finding-unfit",
    Kind.INVALID,
    zh="问题登记里有一项不合适，请修改。",
    en="One item of the finding does not fit; please change it.",
)
FINDING_UNKNOWN = declare(
    "inspection.finding-unknown",
    Kind.ABSENT,
    zh="这项检查任务下没有这个编号的问题。",
    en="There is no finding of this number under the mandate.",
)
FINDING_STATE = declare(
    "inspection.finding-state",
    Kind.OUT_OF_ORDER,
    zh="这个问题现在不在这一步：先整改，再由检查人员确认。",
    en="The finding is not at this step: it is put right first, then the inspector closes it.",
)
