"""Everything that can be wrong with evidence, each with its own code and plain words.

A code names the first thing found wrong. None of them says that the log itself was changed:
a refusal leaves every byte where it was.
"""

from __future__ import annotations

from liangming.errors import Code, Kind, declare


def _refused(name: str, zh: str, en: str) -> Code:
    return declare(f"ledger.{name}", Kind.REFUSED, zh=zh, en=en)


# Merkle tree
PROOF_MALFORMED = declare(
    "ledger.proof-malformed",
    Kind.MALFORMED,
    zh="证明文件读不出来，请重新取一份。",
    en="The proof cannot be read. Please fetch it again.",
)
INDEX_BEYOND = declare(
    "ledger.index-beyond",
    Kind.ABSENT,
    zh="存证里还没有这一条：序号超出了已签名的范围。",
    en="The log has no such leaf: its number lies beyond the signed size.",
)
SIZE_DISORDER = declare(
    "ledger.size-disorder",
    Kind.INVALID,
    zh="两个存证签名的先后不对：旧的不能比新的大，也不能是空的。",
    en="The two heads are out of order: the older one must be neither larger nor empty.",
)
PROOF_LENGTH = _refused(
    "proof-length",
    "证明的长短不对，可能被截断或添加过。",
    "The proof has the wrong number of hashes; something was cut off or added.",
)
INCLUSION_FAILED = _refused(
    "inclusion-failed",
    "证明与签名的存证对不上：这一条不在其中，或者被改过。",
    "The proof does not lead to the signed root: the leaf is not there or was changed.",
)
CONSISTENCY_FAILED = _refused(
    "consistency-failed",
    "两个存证签名互相矛盾：旧的记录没有原样保留在新的里。",
    "The two heads contradict each other: the old record is not kept unchanged in the new one.",
)
LEAF_HASH_WRONG = _refused(
    "leaf-hash-wrong",
    "存证条目与它的哈希对不上，条目被改过。",
    "An entry does not match its leaf hash; the entry was changed.",
)

# Leaves and disclosures
EVENT_UNDECLARED = declare(
    "ledger.event-undeclared",
    Kind.INVALID,
    zh="这种事件没有登记，不能写入存证。",
    en="This kind of event is not declared and cannot be committed.",
)
FACT_UNDECLARED = declare(
    "ledger.fact-undeclared",
    Kind.INVALID,
    zh="事件里有没有登记过的内容，不能写入存证。",
    en="The event carries a fact that its kind does not declare.",
)
FACT_UNFIT = declare(
    "ledger.fact-unfit",
    Kind.INVALID,
    zh="存证只接受代码、编号和整数，不接受文字、姓名或号码。",
    en="A fact is a code, an identifier or an integer; never free text, a name or a number of a person.",
)
LEAF_KEY_UNFIT = declare(
    "ledger.leaf-key-unfit",
    Kind.INVALID,
    zh="存证钥匙必须是 32 字节。",
    en="A leaf key has exactly 32 bytes.",
)
LEAF_VERSION = _refused(
    "leaf-version",
    "存证条目的版本不认识，请用新版软件核验。",
    "The leaf has an unknown version; please verify it with a newer release.",
)
LEAF_MALFORMED = declare(
    "ledger.leaf-malformed",
    Kind.MALFORMED,
    zh="存证条目的长度不对。",
    en="The leaf has the wrong length.",
)
FIELD_UNKNOWN = declare(
    "ledger.field-unknown",
    Kind.ABSENT,
    zh="这个事件没有要公开的那一项。",
    en="The event has no such field to disclose.",
)
DISCLOSURE_MALFORMED = declare(
    "ledger.disclosure-malformed",
    Kind.MALFORMED,
    zh="公开内容读不出来，请重新取一份。",
    en="The disclosure cannot be read. Please fetch it again.",
)
DISCLOSURE_FAILED = _refused(
    "disclosure-failed",
    "公开的内容与存证条目对不上，内容被改过或者不属于这一条。",
    "What is disclosed does not open this leaf: it was changed or belongs to another leaf.",
)

# Notes, checkpoints, cosignatures
NOTE_MALFORMED = declare(
    "ledger.note-malformed",
    Kind.MALFORMED,
    zh="签名文件的格式不对。",
    en="The signed note is not well formed.",
)
CHECKPOINT_MALFORMED = declare(
    "ledger.checkpoint-malformed",
    Kind.MALFORMED,
    zh="存证签名的正文格式不对。",
    en="The checkpoint's text is not well formed.",
)
ORIGIN_OTHER = _refused(
    "origin-other",
    "这是另一本存证的签名。",
    "This checkpoint belongs to another log.",
)
KEY_UNKNOWN = _refused(
    "key-unknown",
    "没有任何一个签名来自可信的钥匙。",
    "No signature is by a key that is trusted here.",
)
SIGNATURE_WRONG = _refused(
    "signature-wrong",
    "签名不对：内容被改过，或者不是这把钥匙签的。",
    "A signature by a trusted key does not verify: the text was changed or another key signed it.",
)
KEY_MALFORMED = declare(
    "ledger.key-malformed",
    Kind.MALFORMED,
    zh="钥匙的格式不对。",
    en="The key is not well formed.",
)
QUORUM_MISSING = _refused(
    "quorum-missing",
    "见证人的签名不够。",
    "Too few witnesses have cosigned this checkpoint.",
)

# Stored bytes
ABSENT = declare(
    "ledger.absent",
    Kind.ABSENT,
    zh="存证里缺少一个文件。",
    en="A file of the log is missing.",
)
TILE_CONFLICT = _refused(
    "tile-conflict",
    "同一位置已有不同内容，拒绝覆盖。请停下来核查存证。",
    "Other bytes are already stored at this place; nothing was overwritten. Please check the log.",
)
TILE_TRUNCATED = _refused(
    "tile-truncated",
    "存证文件的长度不对，可能被截断。",
    "A file of the log has the wrong length; it may be truncated.",
)
TILE_CORRUPT = _refused(
    "tile-corrupt",
    "存证文件的内容与签名对不上。",
    "A file of the log does not lead to the signed root.",
)
STORE_FAILED = declare(
    "ledger.store-failed",
    Kind.OUTAGE,
    zh="存证暂时写不进去或读不出来，请检查磁盘后重试。",
    en="The log cannot be written or read just now. Please check the disk and try again.",
)
STORE_FULL = declare(
    "ledger.store-full",
    Kind.OUTAGE,
    zh="存证所在的磁盘满了，这一批没有写入，已有的记录完好。请清理空间；查验照常，叶子在数据库里等着。",
    en="The log's disk is full; this batch was not written and what is there is whole. Please make "
    "room; checks go on and the leaves wait in the database.",
)

# The order of heads
HEAD_MOVED = declare(
    "ledger.head-moved",
    Kind.OUT_OF_ORDER,
    zh="另一个程序先写入了存证，请重新读取后再试。",
    en="Another writer was first. Please read the log again and retry.",
)
ROLLED_BACK = _refused(
    "rolled-back",
    "这本存证比已经公布过的旧，像是用旧备份恢复的。为防止分叉，拒绝签名。",
    "This log is older than what was already published, as if restored from an old backup. "
    "It will not sign, so that the record cannot fork.",
)
FORKED = _refused(
    "forked",
    "存证分叉了：同样大小却有两个不同的内容。",
    "The log has forked: two different records of the same size exist.",
)
CLOCK_BEHIND = declare(
    "ledger.clock-behind",
    Kind.OUTAGE,
    zh="本机时间比上一次存证签名还早，请校准时钟后再试。",
    en="This machine's clock is behind the last signed head. Please set the clock and try again.",
)
LEAVES_UNFIT = declare(
    "ledger.leaves-unfit",
    Kind.INVALID,
    zh="一次写入的条目太多，或者某一条太长。",
    en="Too many leaves at once, or one of them is too long.",
)

# Witnesses
WITNESS_REQUEST = declare(
    "ledger.witness-request",
    Kind.MALFORMED,
    zh="见证请求的格式不对。",
    en="The request to the witness is not well formed.",
)
WITNESS_DOWN = declare(
    "ledger.witness-down",
    Kind.OUTAGE,
    zh="见证人暂时没有回应，稍后会再试；存证本身不受影响。",
    en="The witness did not answer; it will be asked again. The log itself is not affected.",
)
WITNESS_SLOW = declare(
    "ledger.witness-slow",
    Kind.OUTAGE,
    zh="见证人答复太慢，先不等它；稍后会再试，存证本身不受影响。",
    en="The witness took too long and is not waited for; it will be asked again. The log itself is"
    " not affected.",
)
WITNESS_AHEAD = _refused(
    "witness-ahead",
    "见证人记得的存证比这里的长：要么见证人弄错了，要么这本存证是用旧备份恢复的。请立即核查。",
    "The witness remembers a longer log than this one: either it is wrong, or this log was restored "
    "from an old backup. Please look into it at once.",
)
WITNESS_MEMORY_LOST = _refused(
    "witness-memory-lost",
    "见证人的钥匙还在，但它见过的签名记录不见了。失去记忆的见证人不能再作证：请恢复记录，或换新名字和新钥匙。",
    "The witness's key is here but what it has seen is gone. A witness without its memory must not "
    "sign: restore the file, or start with a new name and key.",
)
WITNESS_LIED = _refused(
    "witness-lied",
    "见证人的答复不可信，没有采用。",
    "The witness's answer does not hold and was not used.",
)
