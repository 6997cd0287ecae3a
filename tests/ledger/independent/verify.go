// Reads a log's files with the Merkle tree and the signed notes of the Go project, not ours:
// checks the checkpoint's signature, every entry against its proven leaf hash, one inclusion
// proof in a hundred, and consistency with older sizes. A witness's Ed25519 cosignature is checked
// with Go's notes and Go's Ed25519 where its key is given.
//
// usage: verify FOLDER VERIFIER-KEY [COSIGNER-KEY] [OLD-SIZE=BASE64-ROOT ...]
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// Go's tile paths carry the tile height ("tile/8/0/000"); those of tlog-tiles do not.
func place(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", t.H))
}

type folder struct{ root string }

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := os.ReadFile(filepath.Join(f.root, place(t)))
		if os.IsNotExist(err) && t.W < 1<<height {
			whole := t
			whole.W = 1 << height
			data, err = os.ReadFile(filepath.Join(f.root, place(whole)))
			if err == nil {
				data = data[:t.W*tlog.HashSize]
			}
		}
		if err != nil {
			return nil, err
		}
		all[i] = data
	}
	return all, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) entries(n, count int64) [][]byte {
	t := tlog.Tile{H: height, L: 0, N: n, W: int(count)}
	path := strings.Replace(place(t), "tile/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(f.root, path))
	check(err)
	var out [][]byte
	for len(data) > 0 {
		size := int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:2+size])
		data = data[2+size:]
	}
	if int64(len(out)) != count {
		log.Fatalf("bundle %d holds %d entries, not %d", n, len(out), count)
	}
	return out
}

// cosigner verifies cosignature/v1: eight bytes of time, then Ed25519 over a header and the text.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)
	return ed25519.Verify(c.key, []byte(message), sig[8:])
}

func cosignerFrom(text string) cosigner {
	parts := strings.SplitN(text, "+", 3)
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	check(err)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	if raw[0] != 4 {
		log.Fatal("not an Ed25519 cosigner")
	}
	return cosigner{parts[0], uint32(hash), ed25519.PublicKey(raw[1:])}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	f := folder{os.Args[1]}
	key, err := note.NewVerifier(os.Args[2])
	check(err)
	data, err := os.ReadFile(filepath.Join(f.root, "checkpoint"))
	check(err)
	pasts, known := os.Args[3:], []note.Verifier{key}
	if len(pasts) > 0 && strings.Contains(pasts[0], "+") && strings.Count(pasts[0], "+") >= 2 &&
		!strings.Contains(strings.SplitN(pasts[0], "+", 2)[0], "=") {
		known = append(known, cosignerFrom(pasts[0]))
		pasts = pasts[1:]
	}
	signed, err := note.Open(data, note.VerifierList(known...))
	check(err)
	if len(signed.Sigs) != len(known) {
		log.Fatalf("%d of %d keys signed", len(signed.Sigs), len(known))
	}
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, f)

	for n := int64(0); n*256 < size; n++ {
		count := size - n*256
		if count > 256 {
			count = 256
		}
		for i, entry := range f.entries(n, count) {
			index := n*256 + int64(i)
			leaf := tlog.RecordHash(entry)
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			check(err)
			if stored[0] != leaf {
				log.Fatalf("entry %d does not match its leaf hash", index)
			}
			if index%100 == 0 || index == size-1 {
				proof, err := tlog.ProveRecord(size, index, reader)
				check(err)
				check(tlog.CheckRecord(proof, size, root, index, leaf))
			}
		}
	}
	for _, past := range pasts {
		text := strings.SplitN(past, "=", 2)
		old, err := strconv.ParseInt(text[0], 10, 64)
		check(err)
		raw, err := base64.StdEncoding.DecodeString(text[1])
		check(err)
		var before tlog.Hash
		copy(before[:], raw)
		proof, err := tlog.ProveTree(size, old, reader)
		check(err)
		check(tlog.CheckTree(proof, size, root, old, before))
	}
	fmt.Printf("%d leaves hold\n", size)
}
