package privacy

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// token is digits that stand together. A number may be spread over several.
type token struct{ from, to int } // glyphs

// numbers finds resident IDs, bank cards and mobile numbers: each run of tokens
// with no more than three gaps between any two is read as one number. A numeral may
// be one of its digits, or the end of a name before it (张三13000000000).
func numbers(gs []glyph) []Hit {
	var hits []Hit
	every := func(g glyph) bool { return digit(g.r) }
	figures := func(g glyph) bool { return digit(g.r) && !g.numeral }
	for _, chain := range slices.Concat(chains(gs, every), chains(gs, figures)) {
		for i := range chain {
			var n []rune
			for j := i; j < len(chain) && len(n) < 22; j++ {
				for _, g := range gs[chain[j].from:chain[j].to] {
					n = append(n, g.r)
				}
				hits = append(hits, candidate{gs: gs, tokens: chain[i : j+1], digits: string(n)}.check()...)
			}
			hits = append(hits, buried(gs, chain[i])...)
		}
	}
	return hits
}

// chains are the tokens of characters that count as digits, those together that may
// be of one number.
func chains(gs []glyph, counts func(glyph) bool) [][]token {
	var all [][]token
	var chain []token
	for i := 0; i < len(gs); {
		if !counts(gs[i]) {
			i++
			continue
		}
		t := token{from: i}
		for i < len(gs) && counts(gs[i]) {
			i++
		}
		t.to = i
		if len(chain) > 0 && !joined(gs[chain[len(chain)-1].to:t.from]) {
			all, chain = append(all, chain), nil
		}
		chain = append(chain, t)
	}
	if chain != nil {
		all = append(all, chain)
	}
	return all
}

func joined(between []glyph) bool {
	return len(between) <= 3 && !slices.ContainsFunc(between, func(g glyph) bool { return !gap(g.r) })
}

// candidate is a number that begins and ends where digits do.
type candidate struct {
	gs     []glyph
	tokens []token
	digits string
}

func (c candidate) check() []Hit {
	var hits []Hit
	add := func(h Hit, ok bool) {
		if ok {
			hits = append(hits, h)
		}
	}
	add(c.residentID())
	add(c.oldID())
	add(c.bankCard())
	add(c.mobile())
	return hits
}

func (c candidate) hit(k Kind, l Level, to int, mask, reason string) Hit {
	from := c.tokens[0].from
	return Hit{Kind: k, Level: l, Start: c.gs[from].start, End: c.gs[to-1].end, Mask: mask, Reason: reason}
}

func (c candidate) end() int { return c.tokens[len(c.tokens)-1].to }

// residentID reads 18 digits, or 17 and an X after at most one gap.
func (c candidate) residentID() (Hit, bool) {
	n, to := c.digits, c.end()
	if len(n) == 17 {
		at := to
		if at < len(c.gs) && gap(c.gs[at].r) {
			at++
		}
		if at < len(c.gs) && (c.gs[at].r == 'X' || c.gs[at].r == 'x') {
			n, to = n+"X", at+1
		}
	}
	if len(n) != 18 || !date(n[6:10], n[10:12], n[12:14]) {
		return Hit{}, false
	}
	mask := n[:1] + strings.Repeat("*", 16) + n[17:]
	switch sum, region := checksum(n), province(n); {
	case sum && (region || len(c.tokens) == 1):
		return c.hit(ResidentID, Block, to, mask, "校验位和出生日期均符合身份证号"), true
	case sum:
		return c.hit(ResidentID, Hold, to, mask, "连起来符合身份证号的校验位和出生日期"), true
	case region:
		return c.hit(ResidentID, Hold, to, mask, "地区和出生日期符合身份证号，校验位不符，可能是录入有误"), true
	}
	return Hit{}, false
}

func (c candidate) oldID() (Hit, bool) {
	n := c.digits
	if len(n) != 15 || len(c.tokens) > 1 || !province(n) || !date("19"+n[6:8], n[8:10], n[10:12]) {
		return Hit{}, false
	}
	return c.hit(ResidentID, Hold, c.end(), n[:1]+strings.Repeat("*", 13)+n[14:], "地区和出生日期符合15位身份证号"), true
}

func (c candidate) bankCard() (Hit, bool) {
	n := c.digits
	if !issuer(n) || !luhn(n) || c.column() {
		return Hit{}, false
	}
	level := Block
	if c.serial() || !c.grouped(4, 6) {
		level = Hold
	}
	return c.hit(BankCard, level, c.end(), n[:4]+strings.Repeat("*", 8)+n[len(n)-4:], "卡号前缀、长度和校验位均符合银行卡号"), true
}

func (c candidate) mobile() (Hit, bool) {
	n := c.digits
	for _, prefix := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(n, prefix); ok && len(rest) == 11 {
			n = rest
		}
	}
	if len(n) != 11 || n[0] != '1' || n[1] < '3' || c.column() {
		return Hit{}, false
	}
	level := Block
	if c.serial() || c.amount() || !c.grouped(3, 4) {
		level = Hold
	}
	return c.hit(Mobile, level, c.end(), n[:3]+"****"+n[7:], "号段和长度符合手机号"), true
}

// grouped reports whether the digits stand together, one by one, or in the
// groups that people write.
func (c candidate) grouped(least, most int) bool {
	if len(c.tokens) == 1 {
		return true
	}
	if !slices.ContainsFunc(c.tokens, func(t token) bool { return t.to-t.from != 1 }) {
		return true
	}
	for i, t := range c.tokens {
		n := t.to - t.from
		if n > most || n < least && i > 0 && i < len(c.tokens)-1 {
			return false
		}
	}
	return true
}

// column reports whether the digits are rather a column of figures.
func (c candidate) column() bool { return len(c.tokens) > 4 && !c.grouped(3, 6) }

var serials = []string{
	"编号", "文号", "案号", "批号", "合同号", "项目号", "证书号", "统计代码", "许可证", "备案号", "安备", "备案", "指标号",
}

// serial reports whether the words before say that this numbers a paper.
func (c candidate) serial() bool {
	from := c.tokens[0].from
	before := asLine(c.gs[max(0, from-8):from]).text
	return slices.ContainsFunc(serials, func(s string) bool { return strings.Contains(before, s) })
}

// amount reports whether the digits are money.
func (c candidate) amount() bool {
	from, to := c.tokens[0].from, c.end()
	if from > 0 && c.gs[from-1].r == '¥' {
		return true
	}
	return to < len(c.gs) && strings.ContainsRune("元万亿%", c.gs[to].r)
}

// buried finds IDs inside a longer number. Nothing marks their ends, so region,
// date and check digit must all be right.
func buried(gs []glyph, t token) []Hit {
	var hits []Hit
	if t.to-t.from <= 18 {
		return nil
	}
	n := asLine(gs[t.from:t.to]).text // digits: one byte each
	for i := 0; i+18 <= len(n); i++ {
		id := n[i : i+18]
		if province(id) && date(id[6:10], id[10:12], id[12:14]) && checksum(id) {
			hits = append(hits, Hit{
				Kind: ResidentID, Level: Block, Start: gs[t.from+i].start, End: gs[t.from+i+17].end,
				Mask: id[:1] + strings.Repeat("*", 16) + id[17:], Reason: "较长数字中含有身份证号",
			})
		}
	}
	return hits
}

var maskedID = regexp.MustCompile(`[1-8][0-9]{5}[0-9*×]{4,11}[0-9Xx*×]`)

// maskedIDs finds IDs of which too much is left: region and part of the birth
// date, or region and sequence, still name the person.
func maskedIDs(gs []glyph) []Hit {
	var hits []Hit
	l := asLine(gs)
	for _, m := range maskedID.FindAllStringIndex(l.text, -1) {
		s := l.text[m[0]:m[1]]
		stars := strings.Count(s, "*") + strings.Count(s, "×")
		if stars < 4 || len([]rune(s))-stars < 9 || !province(s) {
			continue
		}
		start, end, before, _ := l.span(m[0], m[1])
		if digit(before) {
			continue
		}
		hits = append(hits, Hit{
			Kind: ResidentID, Level: Hold, Start: start, End: end,
			Mask: s[:1] + strings.Repeat("*", 16) + "*", Reason: "身份证号隐去的位数不够",
		})
	}
	return hits
}

// provinces are the first two digits of GB/T 2260.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"

func province(n string) bool { return strings.Contains(provinces, n[:2]) }

func date(y, m, d string) bool {
	t, err := time.Parse("20060102", y+m+d)
	return err == nil && t.Year() >= 1900 && t.Year() < 2100
}

// checksum is MOD 11-2 of GB 11643.
func checksum(n string) bool {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(n[i]-'0') * w
	}
	return "10X98765432"[sum%11] == n[17]
}

// issuer reports whether n begins as bank cards do and has their length.
func issuer(n string) bool {
	l := len(n)
	if l < 14 || l > 19 {
		return false
	}
	switch two, four := n[:2], n[:4]; {
	case two == "62", two == "81", four == "9558", four == "9559", two == "60":
		return l >= 16
	case n[0] == '4', two >= "51" && two <= "55", two == "35", two == "64", two == "65", four >= "2221" && four <= "2720":
		return l == 16
	case two == "34", two == "37":
		return l == 15
	case two == "36", two == "38", two == "30":
		return l == 14
	}
	return false
}

func luhn(n string) bool {
	sum := 0
	for i := range n {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
