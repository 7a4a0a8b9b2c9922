package checks

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Draw takes a share, in percent and rounded up, of the items with these numbers
// by chance, but always the same ones for the same seed: those whose
// SHA-256 of "seed:number" is smallest. The order in which they are named does
// not matter, and anybody with sha256sum can draw again.
func Draw(seed string, share int, numbers []string) []string {
	type lot struct {
		number string
		sum    [sha256.Size]byte
	}
	lots := make([]lot, len(numbers))
	for i, n := range numbers {
		lots[i] = lot{n, sha256.Sum256([]byte(seed + ":" + n))}
	}
	slices.SortFunc(lots, func(a, b lot) int { return bytes.Compare(a.sum[:], b.sum[:]) })
	taken := make([]string, (len(lots)*share+99)/100)
	for i := range taken {
		taken[i] = lots[i].number
	}
	slices.SortFunc(taken, strings.Compare)
	return taken
}

// NewSeed returns a seed that nobody chose.
func NewSeed() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}
