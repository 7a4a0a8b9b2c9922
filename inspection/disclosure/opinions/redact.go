package opinions

import (
	"slices"
	"strings"

	"xuncha/inspection/disclosure/privacy"
)

// Gap stands in a shown text where something was left out.
const Gap = "***"

// proposed returns a text with a gap for each piece of personal data: what an office
// may show, if it leaves nothing else out. Somebody has to say so.
func proposed(text string) string {
	for _, h := range slices.Backward(privacy.Scan(text)) {
		text = text[:h.Start] + Gap + text[h.End:]
	}
	return text
}

// leavesOut reports whether shown is said with parts left out, each marked by a gap:
// its pieces stand in said, in order, the first and the last at the ends.
func leavesOut(said, shown string) bool {
	pieces := strings.Split(shown, Gap)
	rest, ok := strings.CutPrefix(said, pieces[0])
	if !ok {
		return false
	}
	if len(pieces) == 1 {
		return rest == ""
	}
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		if _, rest, ok = strings.Cut(rest, piece); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, pieces[last])
}
