package privacy

import (
	"regexp"
	"strings"
)

var email = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+\-]*\s?@\s?[A-Za-z0-9\-]+(?:\s?\.\s?[A-Za-z0-9\-]+)+`)

// emails finds e-mail addresses.
func emails(gs []glyph) []Hit {
	var hits []Hit
	l := asLine(gs)
	for _, m := range email.FindAllStringIndex(l.text, -1) {
		start, end, _, _ := l.span(m[0], m[1])
		hits = append(hits, Hit{Kind: Email, Level: Hold, Start: start, End: end, Mask: "***@***", Reason: "形式符合电子邮箱"})
	}
	return hits
}

// plateSigns are the letters and digits of plates: I and O are not used.
const plateSigns = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjklmnpqrstuvwxyz0123456789"

// plates finds number plates: a province, a letter, and five signs or, for
// new-energy cars, six; the tail stands together or sign by sign.
func plates(gs []glyph) []Hit {
	var hits []Hit
	for i, g := range gs {
		if !strings.ContainsRune("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", g.r) {
			continue
		}
		at := i + 1
		if at < len(gs) && gap(gs[at].r) {
			at++
		}
		if at >= len(gs) || !letter(gs[at].r) || !strings.ContainsRune(plateSigns, gs[at].r) {
			continue
		}
		if end, ok := plateTail(gs, at+1); ok {
			hits = append(hits, Hit{
				Kind: Plate, Level: Block, Start: g.start, End: gs[end-1].end,
				Mask: string(g.r) + string(gs[at].r) + "*****", Reason: "形式符合车牌号",
			})
		}
	}
	return hits
}

// plateTail returns where the tail that begins at from, or after a gap, ends.
func plateTail(gs []glyph, from int) (end int, ok bool) {
	sign := func(i int) bool { return i < len(gs) && strings.ContainsRune(plateSigns, gs[i].r) }
	for range 2 {
		if from < len(gs) && gap(gs[from].r) {
			from++
		}
	}
	for _, step := range []int{1, 2} {
		for _, n := range []int{6, 5} {
			last := from + (n-1)*step
			if last >= len(gs) || !sign(last) && !strings.ContainsRune("挂学警港澳", gs[last].r) || sign(last+1) {
				continue
			}
			if regular(gs[from:last], step, sign, from) {
				return last + 1, true
			}
		}
	}
	return 0, false
}

// regular reports whether every step-th glyph is a sign, what lies between is a
// gap, and there are digits enough for a plate.
func regular(tail []glyph, step int, sign func(int) bool, from int) bool {
	digits := 0
	for k, g := range tail {
		switch {
		case k%step != 0:
			if !gap(g.r) {
				return false
			}
		case !sign(from + k):
			return false
		case digit(g.r):
			digits++
		}
	}
	return digits >= 2
}
