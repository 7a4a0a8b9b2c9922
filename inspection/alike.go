package inspection

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Letter is a letter or digit of a text in the one small form that NFKC gives it,
// and the bytes of the text where it stands.
type Letter struct {
	Rune       rune
	Start, End int
}

// Letters returns a text without marks, spaces, width and what shows nothing: what is
// left when somebody spreads a name out, or writes it in full width.
func Letters(text string) []Letter {
	all := make([]Letter, 0, len(text)/3)
	for start, r := range text {
		end := start + utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n := utf8.DecodeRuneInString(text[start:])
			end = start + n
		}
		if unicode.Is(unicode.Unified_Ideograph, r) { // has one form
			all = append(all, Letter{r, start, end})
			continue
		}
		for _, f := range norm.NFKC.String(string(r)) {
			if (unicode.IsLetter(f) || unicode.IsNumber(f)) && f != '\u3164' && f != '\u115f' {
				all = append(all, Letter{unicode.ToLower(f), start, end})
			}
		}
	}
	return all
}

// Pairs are the pairs of neighbouring letters of a text: two-character words are
// what Chinese is made of. Bands of a MinHash find texts that are near (Broder, On
// the resemblance and containment of documents, 1997); the pairs themselves then say
// how near.
type Pairs map[[2]rune]bool

// PairsOf returns the pairs of a text.
func PairsOf(text string) Pairs {
	set := Pairs{}
	var last rune
	for _, l := range Letters(text) {
		if last != 0 {
			set[[2]rune{last, l.Rune}] = true
		}
		last = l.Rune
	}
	return set
}

// Alike returns how many of the pairs of two texts they share, in hundredths,
// rounded down.
func (p Pairs) Alike(other Pairs) int {
	both := 0
	for pair := range p {
		if other[pair] {
			both++
		}
	}
	if all := len(p) + len(other) - both; all > 0 {
		return both * 100 / all
	}
	return 0
}

// hashes is how many hashes the bands of a text are made of.
const hashes = 32

// Bands returns the bands of a text, each made of so many of its 32 hashes. Of two
// texts that share nine tenths of their pairs, 99.9 of 100 have one of the 8 bands of
// 4 in common; of two that share a third, one in ten. With 16 bands of 2 it is 99 of
// 100 that share half of their pairs, and 84 of 100 that share a third.
func (p Pairs) Bands(each int) []int64 {
	var least [hashes]uint64
	for i := range least {
		least[i] = math.MaxUint64
	}
	for pair := range p {
		h := mix(uint64(uint32(pair[0]))<<32 | uint64(uint32(pair[1])))
		for i := range least {
			least[i] = min(least[i], mix(h+uint64(i)*0x9e3779b97f4a7c15))
		}
	}
	out := make([]int64, hashes/each)
	for i := range out {
		sum := fnv.New64a()
		_ = binary.Write(sum, binary.BigEndian, uint64(i))
		_ = binary.Write(sum, binary.BigEndian, least[i*each:(i+1)*each])
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
