package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/rectification/ledger"
)

var lists = []struct {
	text string
	want []string
}{
	{"(1)修订规则;(2)建立台账。", []string{"(1)|修订规则", "(2)|建立台账。"}},
	{"（1）修订规则（2）建立台账（3）公开", []string{"（1）|修订规则", "（2）|建立台账", "（3）|公开"}},
	{"1.清退资金2.5万元；2.修订办法；3.通报", []string{"1.|清退资金2.5万元", "2.|修订办法", "3.|通报"}},
	{"1、清退\n2、修订", []string{"1、|清退", "2、|修订"}},
	{"1.2023年项目返工。2.2024年项目验收。3.举一反三", []string{"1.|2023年项目返工。", "2.|2024年项目验收。", "3.|举一反三"}},
	{"①清退②修订", []string{"①|清退", "②|修订"}},
	{"一是加强学习；二是完善制度。", []string{"一是|加强学习", "二是|完善制度。"}},
	{"（一）学习。（二）整改。", []string{"（一）|学习。", "（二）|整改。"}},
	{"第一，学习；第二，整改", []string{"第一，|学习", "第二，|整改"}},
	{"整改措施：1.学习；2.整改", []string{"1.|学习", "2.|整改"}},
	{"1.学习：(1)集中；(2)自学；2.整改", []string{"1.|学习：(1)集中；(2)自学", "2.|整改"}},
	{"1)学习 2)整改", []string{"1)|学习", "2)|整改"}},
	{"十一是", nil},
	{"1.5公里渠道修复；2.2公里清淤", nil}, // may be lengths
	{"1.只有一条", nil},
	{"按照(1)(2)要求整改", nil},
	{"(1)学习(3)整改", nil},
	{"(1)(2)", nil},
	{"修复3处渠系，完成2.5公里", nil},
	{"2026.9.30", nil},
	{"", nil},
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, tt := range lists {
		if diff := cmp.Diff(tt.want, ledger.Split(tt.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}

// FuzzSplit checks that splitting loses nothing but the marks that separate.
func FuzzSplit(f *testing.F) {
	for _, l := range lists {
		f.Add(l.text)
	}
	keep := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("；;，,、", r) || strings.TrimSpace(string(r)) == "" {
				return -1
			}
			return r
		}, s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts := ledger.Split(text)
		if len(parts) == 1 {
			t.Fatalf("%q: one part is no list", text)
		}
		if len(parts) == 0 {
			return
		}
		var joined strings.Builder
		for _, p := range parts {
			mark, rest, _ := strings.Cut(p, "|")
			joined.WriteString(mark + rest)
		}
		if got, want := letters(keep(joined.String())), letters(keep(text)); !strings.HasSuffix(want, got) {
			t.Fatalf("%q: lost letters: %q", text, parts)
		}
	})
}

// letters drops what is invisible at the ends of a part.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x2000 && r <= 0x206F || r == 0xFEFF || r == 0xAD || r == 0x061C || r == 0x180E || r >= 0xE0000 && r <= 0xE007F {
			return -1
		}
		return r
	}, s)
}

func TestLeading(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, known, want string }{
		{"1.理论学习走过场", "1", "1.|1|理论学习走过场"},
		{"(2)建立台账", "", "(2)|2|建立台账"},
		{"③通报", "", "③|3|通报"},
		{"十二、发展党员", "", "十二、|12|发展党员"},
		{"1.2023年项目", "1", "1.|1|2023年项目"},
		{"1.2023年项目", "", "||1.2023年项目"},
		{"2.5公里渠道", "", "||2.5公里渠道"},
		{"12345热线", "", "||12345热线"},
		{"2处门面", "", "||2处门面"},
		{"9.", "9", "||9."},
		{"没有编号", "3", "||没有编号"},
	}
	for _, tt := range tests {
		if got := ledger.Leading(tt.text, tt.known); got != tt.want {
			t.Errorf("%s (%s): %s, want %s", tt.text, tt.known, got, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"派出所、市场监管所":          {"派出所", "市场监管所"},
		"各村(社区、居委会)，镇纪委；镇纪委": {"各村(社区、居委会)", "镇纪委"},
		"县住建局\n县水务局":         {"县住建局", "县水务局"},
		"镇农经站。":              {"镇农经站"},
		"":                   {},
		"各村（社区":              {"各村（社区"},
	} {
		if diff := cmp.Diff(want, ledger.Names(text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestOffices(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, department string
		helpers          []string
	}{
		{"牵头单位：镇党政办；配合单位：镇组织办、镇财政所", "镇党政办", []string{"镇组织办", "镇财政所"}},
		{"牵头单位：镇党政办\n配合单位：镇组织办", "镇党政办", []string{"镇组织办"}},
		{"镇党政办（牵头）、镇组织办、镇财政所", "镇党政办", []string{"镇组织办", "镇财政所"}},
		{"镇党政办、镇组织办", "镇党政办、镇组织办", []string{}},
		{"镇党政办", "镇党政办", []string{}},
	}
	for _, tt := range tests {
		department, helpers := ledger.Offices(tt.text)
		if department != tt.department || !cmp.Equal(helpers, tt.helpers) {
			t.Errorf("%s: %s with %v, want %s with %v", tt.text, department, helpers, tt.department, tt.helpers)
		}
	}
}
