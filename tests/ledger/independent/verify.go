// Reads a log's files with the Merkle tree and the signed notes of the Go project, not ours:
// checks the checkpoint's signature, every entry against its proven leaf hash, one inclusion
// proof in a hundred, and consistency with older sizes.
//
// usage: verify FOLDER VERIFIER-KEY [OLD-SIZE=BASE64-ROOT ...]
package main

import (
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
	signed, err := note.Open(data, note.VerifierList(key))
	check(err)
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
	for _, past := range os.Args[3:] {
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
