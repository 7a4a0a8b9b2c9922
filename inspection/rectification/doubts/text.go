package doubts

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Texts are compared by their pairs of neighbouring characters: two-character
// words are what Chinese is made of. Bands of a MinHash find those that are near
// (Broder, On the resemblance and containment of documents, 1997); the pairs
// themselves then say how near.
const (
	bands   = 8
	perBand = 4
)

type pair [2]rune

// pairs returns the pairs of a text, without marks, spaces, and width.
func pairs(text string) map[pair]bool {
	set := map[pair]bool{}
	var last rune
	for _, r := range norm.NFKC.String(text) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		r = unicode.ToLower(r)
		if last != 0 {
			set[pair{last, r}] = true
		}
		last = r
	}
	return set
}

// alike returns how many of the pairs of two texts they share, in hundredths,
// rounded down.
func alike(a, b map[pair]bool) int {
	both := 0
	for p := range a {
		if b[p] {
			both++
		}
	}
	if all := len(a) + len(b) - both; all > 0 {
		return both * 100 / all
	}
	return 0
}

// bandsOf returns the bands of a text. Of two texts that share nine tenths of
// their pairs, 99.9 of 100 have a band in common; of two that share a third, one
// in ten.
func bandsOf(text string) []int64 {
	var least [bands * perBand]uint64
	for i := range least {
		least[i] = math.MaxUint64
	}
	for p := range pairs(text) {
		h := mix(uint64(uint32(p[0]))<<32 | uint64(uint32(p[1])))
		for i := range least {
			least[i] = min(least[i], mix(h+uint64(i)*0x9e3779b97f4a7c15))
		}
	}
	out := make([]int64, bands)
	for i := range out {
		sum := fnv.New64a()
		_ = binary.Write(sum, binary.BigEndian, uint64(i))
		_ = binary.Write(sum, binary.BigEndian, least[i*perBand:(i+1)*perBand])
		out[i] = int64(sum.Sum64()) //nolint:gosec // a pattern of bits
	}
	return out
}

// mix spreads the bits of a number (the finalizer of SplitMix64; Steele, Lea and
// Flood 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
