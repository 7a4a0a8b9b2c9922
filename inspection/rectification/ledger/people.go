package ledger

import (
	"regexp"
	"slices"
	"strings"
)

// names takes a list of offices or people apart: 派出所、市场监管所. Brackets hold
// together: 各村(社区、居委会) is one.
func names(s string) []string {
	found := []string{}
	depth, from := 0, 0
	add := func(name string) {
		name = strings.TrimRight(strings.TrimFunc(name, invisible), "。.")
		if name != "" && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	for i, r := range s {
		switch {
		case strings.ContainsRune("(（", r):
			depth++
		case strings.ContainsRune(")）", r):
			depth = max(0, depth-1)
		case depth == 0 && strings.ContainsRune("、，,；;\n|", r):
			add(s[from:i])
			from = i + len(string(r))
		}
	}
	add(s[from:])
	return found
}

// oneLineName joins the lines of a cell that names people or offices.
func oneLineName(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), "、")
}

var (
	labelled = regexp.MustCompile(`^(?:牵头|主责|责任|主办)(?:单位|部门|科室|股室)?[:：]\s*(.+?)[；;，,。\s]*(?:配合|协助|协办|责任|参与)(?:单位|部门|科室|股室)?[:：]\s*(.+)$`)
	leads    = regexp.MustCompile(`^(.+?)[（(]牵头(?:单位|部门)?[)）][；;，,、\s]*(.*)$`)
)

// leadAndHelpers reads a cell that names both: 牵头单位：X；配合单位：Y, or
// X（牵头）、Y. Without such words the whole cell is the department.
func leadAndHelpers(s string) (department string, helpers []string) {
	flat := strings.ReplaceAll(s, "\n", "；")
	if m := labelled.FindStringSubmatch(flat); m != nil {
		return strings.TrimRight(m[1], "；;"), names(m[2])
	}
	if m := leads.FindStringSubmatch(flat); m != nil && !strings.ContainsAny(m[1], "、，,；;") {
		return m[1], names(m[2])
	}
	return oneLineName(s), []string{}
}
