// Reads a packet with the Merkle tree and the signed notes of the Go project, not ours.
//
// Every leaf of the census is computed here from what is open of it (docs/spec/leaf.md); together
// they must give the root that the plan names, which must be kept in the tree of the signed head.
// Every event of the sample must be the leaf that the census has at its place.
//
// usage: packet VERIFIER-KEY FILE
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/bits"
	"os"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type plan struct {
	Begin, End       int64
	Peaks            [][]byte
	Consistency      [][]byte
	Root, Checkpoint string
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func unbase(text string) []byte {
	raw, err := base64.StdEncoding.DecodeString(text)
	check(err)
	return raw
}

// One field: a string is the hash of a closed one, a list is name, value, salt of an open one.
func field(raw json.RawMessage) []byte {
	var closed string
	if json.Unmarshal(raw, &closed) == nil {
		return unbase(closed)
	}
	var open [3]string
	check(json.Unmarshal(raw, &open))
	sum := sha256.New()
	sum.Write([]byte("liangming/leaf/1/field\x00"))
	sum.Write(unbase(open[2]))
	sum.Write([]byte(open[0] + "\x00" + open[1]))
	return sum.Sum(nil)
}

func leafOf(fields []json.RawMessage) []byte {
	whole := sha256.New()
	whole.Write([]byte("liangming/leaf/1/leaf\x00"))
	for _, each := range fields {
		whole.Write(field(each))
	}
	return whole.Sum([]byte{1})
}

func leaf(line []byte) []byte {
	var bare string
	if json.Unmarshal(line, &bare) == nil {
		return unbase(bare)
	}
	var fields []json.RawMessage
	check(json.Unmarshal(line, &fields))
	return leafOf(fields)
}

// A tree as the roots of its perfect parts, the largest first.
type forest struct {
	size  int64
	peaks []tlog.Hash
}

func (f *forest) add(hash tlog.Hash) {
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.peaks) - 1
		hash = tlog.NodeHash(f.peaks[last], hash)
		f.peaks = f.peaks[:last]
	}
	f.peaks = append(f.peaks, hash)
	f.size++
}

func (f *forest) root() tlog.Hash {
	hash := f.peaks[len(f.peaks)-1]
	for n := len(f.peaks) - 2; n >= 0; n-- {
		hash = tlog.NodeHash(f.peaks[n], hash)
	}
	return hash
}

func hashOf(raw []byte) (hash tlog.Hash) {
	if copy(hash[:], raw) != len(hash) || len(raw) != len(hash) {
		log.Fatal("not a hash")
	}
	return hash
}

func main() {
	log.SetFlags(0)
	key, err := note.NewVerifier(os.Args[1])
	check(err)
	packet, err := zip.OpenReader(os.Args[2])
	check(err)
	content := map[string][]byte{}
	var census []string
	for _, entry := range packet.File {
		file, err := entry.Open()
		check(err)
		content[entry.Name], err = io.ReadAll(file)
		check(err)
		if strings.HasPrefix(entry.Name, "census/") {
			census = append(census, entry.Name)
		}
	}
	var p plan
	check(json.Unmarshal(content["plan.json"], &p))
	if bits.OnesCount64(uint64(p.Begin)) != len(p.Peaks) {
		log.Fatal("peaks do not fit where the census begins")
	}
	tree := forest{size: p.Begin}
	for _, peak := range p.Peaks {
		tree.peaks = append(tree.peaks, hashOf(peak))
	}
	sort.Strings(census)
	var leaves [][]byte
	for _, name := range census {
		lines := bufio.NewScanner(bytes.NewReader(content[name]))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			one := leaf(lines.Bytes())
			leaves = append(leaves, one)
			tree.add(tlog.RecordHash(one))
		}
		check(lines.Err())
	}
	if tree.size != p.End || hex.EncodeToString(rootBytes(tree.root())) != p.Root {
		log.Fatal("the census is not the log")
	}
	signed, err := note.Open([]byte(p.Checkpoint), note.VerifierList(key))
	check(err)
	head, err := tlog.ParseTree([]byte(goForm(signed.Text)))
	check(err)
	var proof tlog.TreeProof
	for _, raw := range p.Consistency {
		proof = append(proof, hashOf(raw))
	}
	check(tlog.CheckTree(proof, head.N, head.Hash, p.End, tree.root()))
	events := 0
	lines := bufio.NewScanner(bytes.NewReader(content["sample.jsonl"]))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var drawn struct{ Events [][2]json.RawMessage }
		check(json.Unmarshal(lines.Bytes(), &drawn))
		for _, event := range drawn.Events {
			var place int64
			var fields []json.RawMessage
			check(json.Unmarshal(event[0], &place))
			check(json.Unmarshal(event[1], &fields))
			at := place - p.Begin
			if at < 0 || at >= int64(len(leaves)) || !bytes.Equal(leaves[at], leafOf(fields)) {
				log.Fatal("an event of the sample is not the leaf at its place")
			}
			events++
		}
	}
	check(lines.Err())
	fmt.Printf("%d leaves and %d events hold\n", len(leaves), events)
}

func rootBytes(hash tlog.Hash) []byte { return hash[:] }

// The first line of a checkpoint is the log's name; Go's own trees have a fixed one there.
func goForm(text string) string {
	lines := strings.SplitN(text, "\n", 2)
	return "go.sum database tree\n" + lines[1]
}
