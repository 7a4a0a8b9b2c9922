// Package privacy finds personal data in a text before the public reads it.
//
// It knows the kinds that have a form of their own: resident ID numbers, mobile
// numbers, bank cards, e-mail addresses and number plates. Names, addresses,
// illness and the rest need dictionaries and context, which this package does
// not have; what it finds it proves by check digits, dates and prefixes, so
// that a person who is stopped is stopped for a reason.
//
// Digits are looked for under their disguises (full width, Chinese numerals,
// circled, spaced out, broken over lines, with invisible characters between);
// hits point into the text as it was written.
package privacy

import (
	"cmp"
	"slices"
)

// Kind is a kind of personal data.
type Kind string

// The kinds that are known.
const (
	ResidentID Kind = "resident-id" // 居民身份证号
	Mobile     Kind = "mobile"      // 手机号
	BankCard   Kind = "bank-card"   // 银行卡号
	Email      Kind = "email"       // 电子邮箱
	Plate      Kind = "plate"       // 车牌号
)

// Kinds lists the kinds that are known.
func Kinds() []Kind { return []Kind{ResidentID, BankCard, Mobile, Plate, Email} }

var names = map[Kind]string{
	ResidentID: "身份证号", Mobile: "手机号", BankCard: "银行卡号", Email: "电子邮箱", Plate: "车牌号",
}

// Name returns what people call the kind.
func (k Kind) Name() string { return names[k] }

// Level says what a hit does to the text.
type Level string

// The levels.
const (
	Block Level = "block" // must go before the text may be published
	Hold  Level = "hold"  // a second person decides
)

// Levels lists the levels.
func Levels() []Level { return []Level{Block, Hold} }

// Hit is one piece of personal data in a text.
type Hit struct {
	Kind   Kind
	Level  Level
	Start  int    // where it begins in the text, in bytes
	End    int    // and ends
	Mask   string // what could stand in its place
	Reason string // why it was taken for what it is
}

// Scan returns the personal data in text, in order and without overlaps.
func Scan(text string) []Hit {
	base := fold(text)
	digits := lookalikes(base)
	hits := slices.Concat(numbers(digits), maskedIDs(digits), plates(base), emails(base))
	return settle(hits)
}

// Mask returns text with each of its hits masked.
func Mask(text string) string {
	hits := Scan(text)
	for _, h := range slices.Backward(hits) {
		text = text[:h.Start] + h.Mask + text[h.End:]
	}
	return text
}

// settle keeps, of hits that overlap, the graver and then the longer one.
func settle(hits []Hit) []Hit {
	rank := func(h Hit) int {
		if h.Level == Block {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.End-b.Start, a.End-a.Start),
			cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(a.Start, b.Start))
	})
	var kept []Hit
	for _, h := range hits {
		if !slices.ContainsFunc(kept, func(k Hit) bool { return h.Start < k.End && k.Start < h.End }) {
			kept = append(kept, h)
		}
	}
	slices.SortFunc(kept, func(a, b Hit) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}
