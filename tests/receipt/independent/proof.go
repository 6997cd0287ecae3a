// Reads a .tlog-proof file with the Merkle tree and the signed notes of the Go project, not ours.
//
// The leaf is computed here from the opened fields that travel along (docs/spec/leaf.md); then the
// checkpoint's signature and the audit path to its root are checked.
//
// usage: proof VERIFIER-KEY FILE...
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type slot struct {
	Type, Name, Value string
	Salt, Hash        []byte
}

func leaf(extra []byte) []byte {
	var opened struct {
		Version byte
		Fields  []slot
	}
	check(json.Unmarshal(extra, &opened))
	whole := sha256.New()
	whole.Write([]byte("liangming/leaf/1/leaf\x00"))
	for _, f := range opened.Fields {
		if f.Type == "open" {
			field := sha256.New()
			field.Write([]byte("liangming/leaf/1/field\x00"))
			field.Write(f.Salt)
			field.Write([]byte(f.Name + "\x00" + f.Value))
			f.Hash = field.Sum(nil)
		}
		whole.Write(f.Hash)
	}
	return whole.Sum([]byte{opened.Version})
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	key, err := note.NewVerifier(os.Args[1])
	check(err)
	for _, name := range os.Args[2:] {
		data, err := os.ReadFile(name)
		check(err)
		end := bytes.Index(data, []byte("\n\n"))
		if end < 0 {
			log.Fatal("no checkpoint")
		}
		lines := strings.Split(string(data[:end]), "\n")
		if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
			log.Fatal("not a proof with a disclosure")
		}
		extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
		check(err)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
		check(err)
		var path tlog.RecordProof
		for _, line := range lines[3:] {
			hash, err := tlog.ParseHash(line)
			check(err)
			path = append(path, hash)
		}
		signed, err := note.Open(data[end+2:], note.VerifierList(key))
		check(err)
		head, err := tlog.ParseTree([]byte(goForm(signed.Text)))
		check(err)
		record := tlog.RecordHash(leaf(extra))
		check(tlog.CheckRecord(path, head.N, head.Hash, index, record))
	}
	fmt.Printf("%d proofs hold\n", len(os.Args)-2)
}

// The first line of a checkpoint is the log's name; Go's own trees have a fixed one there.
func goForm(text string) string {
	lines := strings.SplitN(text, "\n", 2)
	return "go.sum database tree\n" + lines[1]
}
