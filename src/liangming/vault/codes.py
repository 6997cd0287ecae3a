"""What the vault can say when it says no. No text holds a key, a value or anything about a person."""

from __future__ import annotations

from liangming.errors import Kind, declare

NOT_AN_ENVELOPE = declare(
    "vault.envelope-damaged",
    Kind.MALFORMED,
    zh="这不是保险库的封存格式，或开头已损坏。请从备份恢复这条记录。",
    en="This is not in the vault's sealed form, or its beginning is damaged. Restore the record from a backup.",
)
UNKNOWN_FORM = declare(
    "vault.unknown-form",
    Kind.MALFORMED,
    zh="封存格式的版本或用途标记不认识。可能由更新的版本写入，请升级后再读。",
    en="The version or use of this sealed form is unknown. It may come from a newer release; upgrade, then read it.",
)
UNKNOWN_SUITE = declare(
    "vault.unknown-suite",
    Kind.MALFORMED,
    zh="密码套件标记不认识，只支持 1（AES-256-GCM）和 2（国密 SM4-GCM）。",
    en="The suite tag is unknown; only 1 (AES-256-GCM) and 2 (SM4-GCM) are supported.",
)
TRUNCATED = declare(
    "vault.envelope-truncated",
    Kind.MALFORMED,
    zh="封存内容不完整，结尾缺失。请从备份恢复这条记录。",
    en="The sealed content is cut short. Restore the record from a backup.",
)
TRAILING = declare(
    "vault.envelope-trailing",
    Kind.MALFORMED,
    zh="封存内容后面多出了字节，不予读取。请从备份恢复这条记录。",
    en="Bytes follow the end of the sealed content, so it is not read. Restore the record from a backup.",
)
CANNOT_OPEN = declare(
    "vault.cannot-open",
    Kind.REFUSED,
    zh="打不开：内容被改动，或不属于所说的人、用途或记录种类。二者无法区分，请核对后再试。",
    en="Cannot open: the content was altered, or does not belong to the stated person, purpose or kind of record. The two cannot be told apart.",
)
KEY_UNKNOWN = declare(
    "vault.key-unknown",
    Kind.ABSENT,
    zh="密钥环中没有打开它所需的密钥：可能已依法销毁，也可能载入了旧的密钥文件。",
    en="The key ring does not hold the key this needs: it was destroyed on purpose, or an older key file was loaded.",
)
WRONG_BINDING = declare(
    "vault.wrong-binding",
    Kind.INVALID,
    zh="密钥与所说的人不一致，未作任何加解密。请用同一个人的密钥和绑定信息。",
    en="The key and the stated person do not belong together; nothing was sealed or opened. Use the key and binding of one person.",
)
BINDING_MALFORMED = declare(
    "vault.binding-malformed",
    Kind.INVALID,
    zh="绑定信息的人、用途、记录种类都须填写，且各不超过 255 字节。",
    en="A binding needs a person, a purpose and a kind of record, each of 1 to 255 bytes.",
)
INDEX_INPUT = declare(
    "vault.index-input",
    Kind.INVALID,
    zh="查找索引需要证件种类（1 至 255 字节）和规范化的号码（1 至 65535 字节）。",
    en="A blind index needs a kind (1 to 255 bytes) and a normalised value (1 to 65,535 bytes).",
)
FIELDS_MALFORMED = declare(
    "vault.fields-malformed",
    Kind.INVALID,
    zh="要封存的字段须是文字，总长不超过 1 MiB。",
    en="Fields to seal are text, 1 MiB together at most.",
)
PURPOSE_REQUIRED = declare(
    "vault.purpose-required",
    Kind.INVALID,
    zh="打开个人信息须说明目的，目的只能从规定的清单中选择。",
    en="Opening personal data needs a stated purpose from the closed list.",
)
REASON_REQUIRED = declare(
    "vault.reason-required",
    Kind.INVALID,
    zh="打开个人信息须写明理由（200 字以内）和经办人。",
    en="Opening personal data needs a reason (at most 200 characters) and the name of the account that opens it.",
)
REASON_PERSONAL = declare(
    "vault.reason-personal",
    Kind.INVALID,
    zh="理由中不要写号码等个人信息，请写事由，或本系统的受理编号（如 req_…）。",
    en="Do not write numbers of persons in the reason; write the matter, or an id of this system such as req_….",
)
BUCKET_NOT_RENEWED = declare(
    "vault.bucket-not-renewed",
    Kind.OUT_OF_ORDER,
    zh="须先删除此人的密钥，再为该分组换新密钥，然后才能重新包裹其余的人。",
    en="Delete the person's key first, then renew the bucket, then wrap the others again.",
)
BUCKET_MISMATCH = declare(
    "vault.bucket-mismatch",
    Kind.INVALID,
    zh="名单与该分组不符：要保留的密钥须都在此分组，且不含要销毁的人。",
    en="The list does not fit the bucket: every kept key must be in it, and no dropped person may be kept.",
)
KEY_IN_USE = declare(
    "vault.key-in-use",
    Kind.OUT_OF_ORDER,
    zh="当前密钥不能销毁，请先轮换。",
    en="The current key cannot be destroyed; rotate first.",
)
KEYS_MALFORMED = declare(
    "vault.keys-malformed",
    Kind.INVALID,
    zh="密钥环的内容不成立（长度、编号或分组数不对）。",
    en="The key ring does not hold together (a length, an id or the number of buckets is wrong).",
)
FILE_READABLE = declare(
    "vault.key-file-readable-by-others",
    Kind.FORBIDDEN,
    zh="密钥文件可被其他用户读写，已拒绝载入。请执行 chmod 600 密钥文件，并考虑轮换密钥。",
    en="Other users can read or write the key file, so it was not loaded. Run chmod 600 on it and consider rotating the keys.",
)
FILE_SYMLINK = declare(
    "vault.key-file-not-plain",
    Kind.FORBIDDEN,
    zh="密钥文件须是普通文件，不能是符号链接、目录或设备。请直接指定真实的文件。",
    en="The key file must be a plain file, not a symbolic link, directory or device. Name the real file.",
)
FILE_DAMAGED = declare(
    "vault.key-file-damaged",
    Kind.MALFORMED,
    zh="密钥文件不完整或校验和不符，已拒绝载入，也没有改动它。请用最新的副本恢复。",
    en="The key file is incomplete or its checksum is wrong; it was neither loaded nor changed. Restore its latest copy.",
)
FILE_VERSION = declare(
    "vault.key-file-version-unknown",
    Kind.MALFORMED,
    zh="密钥文件的版本不认识，可能由更新的版本写入。请升级后再用。",
    en="The key file's version is unknown; a newer release may have written it. Upgrade first.",
)
FILE_CHANGED = declare(
    "vault.key-file-changed",
    Kind.OUT_OF_ORDER,
    zh="密钥文件已被另一个进程更新，本次未写入。请重新载入后再做。",
    en="Another process has changed the key file; nothing was written. Load it again, then repeat.",
)
FILE_OUTAGE = declare(
    "vault.key-file-unavailable",
    Kind.OUTAGE,
    zh="密钥文件无法读写（目录不存在、磁盘已满或无权限）。原文件没有改动。",
    en="The key file cannot be read or written (no such directory, disk full, or no permission). The existing file is unchanged.",
)
