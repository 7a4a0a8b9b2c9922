package ledger

import (
	"math/big"
	"regexp"
	"strings"
)

// Unit is what an amount is counted in.
type Unit string

// The units that ledgers use.
const (
	NoUnit   Unit = ""
	Yuan     Unit = "元"
	Thousand Unit = "千元"
	Wan      Unit = "万元"
	Million  Unit = "百万元"
	Yi       Unit = "亿元"
)

// fenPer is how many fen are in one of each unit.
var fenPer = map[Unit]int64{Yuan: 100, Thousand: 1e5, Wan: 1e6, Million: 1e8, Yi: 1e10}

// spelled are the ways to write a unit, the longer ones first.
var spelled = []struct {
	text string
	unit Unit
}{
	{"亿元", Yi},
	{"百万元", Million},
	{"万元", Wan},
	{"千元", Thousand},
	{"元", Yuan},
	{"亿", Yi},
	{"百万", Million},
	{"万", Wan},
	{"块", Yuan},
	{"圆", Yuan},
}

// maxFen keeps sums within what a database's bigint and JavaScript's numbers hold.
const maxFen = 1e15

// amount is what a cell of money says: a sum, or why there is none.
type amount struct {
	fen    *int64
	unit   Unit   // that the cell itself names
	reason Reason // of the question, if there is one
	offers []int64
}

var (
	sum     = regexp.MustCompile(`^([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,20})(?:\.(\d{1,20}))?$`)
	hedge   = regexp.MustCompile(`^(?:约|大约|近|超|超过|不足|逾)|余|多|左右|以上|以下`)
	preface = regexp.MustCompile(`^(?:人民币|rmb|¥|共计|合计|总计|共|计|涉及(?:金额|资金)?|金额)[::]?`)
)

// parseAmount reads an amount. The header's unit serves where the cell has none.
func parseAmount(text string, header Unit) amount {
	s := strings.TrimRight(loose(text), "。.;整")
	if s == "" || isNone(s) {
		return amount{}
	}
	if oddNumerals(text) {
		return amount{reason: AmountUnclear}
	}
	s = preface.ReplaceAllString(s, "")
	hedged := hedge.MatchString(s)
	if hedged {
		s = hedge.ReplaceAllString(s, "")
	}
	s, a := cutUnit(s)
	m := sum.FindStringSubmatch(s)
	if m == nil {
		return amount{unit: a.unit, reason: AmountUnclear}
	}
	digits := strings.ReplaceAll(m[2], ",", "")
	return a.settle(m[1] == "-", digits, m[3], header, hedged)
}

func cutUnit(s string) (string, amount) {
	for _, u := range spelled {
		if rest, ok := strings.CutSuffix(s, u.text); ok {
			return rest, amount{unit: u.unit}
		}
	}
	return s, amount{}
}

// settle turns digits into fen under the unit that counts.
func (a amount) settle(minus bool, whole, part string, header Unit, hedged bool) amount {
	unit := a.unit
	if unit == NoUnit {
		unit = header
	}
	if unit == NoUnit && strings.Trim(whole+part, "0") != "" {
		yuan, _ := fen(whole, part, Yuan)
		wan, _ := fen(whole, part, Wan)
		a.reason, a.offers = AmountUnit, []int64{yuan, wan}
		return a
	}
	n, exact := fen(whole, part, unit)
	switch {
	case minus && n != 0:
		a.reason = AmountNegative
	case n < 0:
		a.reason = AmountLarge
	case hedged:
		a.reason, a.offers = AmountVague, []int64{n}
	case !exact:
		a.reason, a.offers = AmountFraction, []int64{n}
	default:
		a.fen = &n
	}
	return a
}

// fen counts whole.part of a unit in fen, rounded half up, and says whether that
// is exact. It is -1 past the limit.
func fen(whole, part string, u Unit) (int64, bool) {
	n, ok := new(big.Int).SetString(whole+part, 10)
	if !ok {
		return -1, false // the expression above lets only digits through
	}
	n.Mul(n, big.NewInt(fenPer[u]))
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(part))), nil)
	n, rest := n.QuoRem(n, scale, new(big.Int))
	if rest.Lsh(rest, 1).Cmp(scale) >= 0 {
		n.Add(n, big.NewInt(1))
	}
	if !n.IsInt64() || n.Int64() > maxFen {
		return -1, false
	}
	return n.Int64(), rest.Sign() == 0
}

// unitIn finds the unit that a header names, as in 涉及金额(万元).
func unitIn(header string) Unit {
	s := loose(header)
	for _, u := range spelled[:5] {
		if strings.Contains(s, u.text) {
			return u.unit
		}
	}
	return NoUnit
}

// quoted matches the sums that a sentence names.
var quoted = regexp.MustCompile(`(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,10}))?(?:余|多)?(亿元|百万元|万元|千元|元)`)

// sumsIn returns the sums that a sentence names, in fen.
func sumsIn(text string) []int64 {
	var found []int64
	for _, m := range quoted.FindAllStringSubmatch(loose(text), -1) {
		n, _ := fen(strings.ReplaceAll(m[1], ",", ""), m[2], Unit(m[3]))
		if n > 0 {
			found = append(found, n)
		}
	}
	return found
}
