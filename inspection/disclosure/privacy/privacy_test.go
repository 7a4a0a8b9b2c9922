package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/disclosure/privacy"
)

// seen is a hit as tests write it: kind, level, and the text it covers.
type seen struct {
	Kind  privacy.Kind
	Level privacy.Level
	Text  string
}

func scan(text string) []seen {
	var got []seen
	for _, h := range privacy.Scan(text) {
		got = append(got, seen{h.Kind, h.Level, text[h.Start:h.End]})
	}
	return got
}

// The numbers are nobody's: region 99 does not exist, and the valid ones are the
// examples that the standards themselves print or are made for this test.
func TestScan(t *testing.T) {
	t.Parallel()
	const block, hold = privacy.Block, privacy.Hold
	tests := []struct {
		name, text string
		want       []seen
	}{
		{"nothing", "反馈问题14个，已完成11个，清退资金12.34万元。", nil},
		{"id", "身份证号11010519491231002X。", []seen{{privacy.ResidentID, block, "11010519491231002X"}}},
		{"id, lower-case x", "11010519491231002x", []seen{{privacy.ResidentID, block, "11010519491231002x"}}},
		{"id of a region that is not", "990121196001010010", []seen{{privacy.ResidentID, block, "990121196001010010"}}},
		{"id with a wrong check digit", "110105194912310021", []seen{{privacy.ResidentID, hold, "110105194912310021"}}},
		{"id without a date", "110105194913310021", nil},
		{"id inside a longer number", "编号00110105194912310029917", nil},
		{"id buried", "编号9111010519491231002X", nil}, // the X ends no 17 digits that follow the 91
		{"old id", "原号110105491231002", []seen{{privacy.ResidentID, hold, "110105491231002"}}},
		{"id masked too little", "110105********002X", []seen{{privacy.ResidentID, hold, "110105********002X"}}},
		{"id masked at the end only", "1101051949****", []seen{{privacy.ResidentID, hold, "1101051949****"}}},
		{"id masked well", "1****************X", nil},
		{"mobile", "电话13000000000。", []seen{{privacy.Mobile, block, "13000000000"}}},
		{"mobile with country", "+86 138 0000 0000", []seen{{privacy.Mobile, block, "86 138 0000 0000"}}},
		{"mobile glued to its country", "8613800000000", []seen{{privacy.Mobile, block, "8613800000000"}}},
		{"mobile masked", "138****0000", nil},
		{"mobile in a longer number", "213000000000", nil},
		{"mobile as a paper's number", "文号：13000000000", []seen{{privacy.Mobile, hold, "13000000000"}}},
		{"mobile as money", "涉及¥13000000000", []seen{{privacy.Mobile, hold, "13000000000"}}},
		{"mobile after its own word", "手机号13000000000", []seen{{privacy.Mobile, block, "13000000000"}}},
		{"landline", "0990-5550122", nil},
		{"card", "账户6200000000000000000", []seen{{privacy.BankCard, block, "6200000000000000000"}}},
		{"card in groups", "6222 0000 0000 0009", []seen{{privacy.BankCard, block, "6222 0000 0000 0009"}}},
		{"card with a wrong check digit", "6200000000000000001", nil},
		{"card as a project", "项目号6200000000000000000", []seen{{privacy.BankCard, hold, "6200000000000000000"}}},
		{"dates in a row", "2026-09-21 2026-10-20", nil},
		{"time", "2026年9月21日14:30", nil},
		{"filing number", "公网安备 61010302000123号", nil},
		{"email", "信箱xuncha@example.cn，", []seen{{privacy.Email, hold, "xuncha@example.cn"}}},
		{"email in full width", "ａｂ＠ｅｘａｍｐｌｅ．ｃｎ", []seen{{privacy.Email, hold, "ａｂ＠ｅｘａｍｐｌｅ．ｃｎ"}}},
		{"plate", "车辆京A12345已上交", []seen{{privacy.Plate, block, "京A12345"}}},
		{"plate, new energy", "川AD12345", []seen{{privacy.Plate, block, "川AD12345"}}},
		{"plate with a dot", "粤B·1234警", []seen{{privacy.Plate, block, "粤B·1234警"}}},
		{"plate before a word", "京A12345 abc", []seen{{privacy.Plate, block, "京A12345"}}},
		{"plate spaced out", "青 A 1 2 3 4 5", []seen{{privacy.Plate, block, "青 A 1 2 3 4 5"}}},
		{"no plate", "京A项目", nil},
		{"no plate, too long", "京A1234567", nil},
		{"mobile behind a name", "联系人张三13000000000", []seen{{privacy.Mobile, block, "13000000000"}}},
		{"mobile behind a name, in groups", "李四130 0000 0000", []seen{{privacy.Mobile, block, "130 0000 0000"}}},
		{"mobile before a numeral", "13000000000二是退还", []seen{{privacy.Mobile, block, "13000000000"}}},
		{"mobile of numerals behind a figure", "2一三〇〇〇〇〇〇〇〇〇", nil},
		{"id behind a name", "李四11010519491231002X", []seen{{privacy.ResidentID, block, "11010519491231002X"}}},
		{"card behind a name", "王五6200000000000000000", []seen{{privacy.BankCard, block, "6200000000000000000"}}},
		{"several", "甲13000000000，乙11010519491231002X", []seen{
			{privacy.Mobile, block, "13000000000"}, {privacy.ResidentID, block, "11010519491231002X"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, scan(tt.text)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.text, diff)
			}
			for _, h := range privacy.Scan(privacy.Mask(tt.text)) {
				t.Errorf("after masking, %s still holds a %s", privacy.Mask(tt.text), h.Kind)
			}
		})
	}
}

// disguises are ways to write a number that a reader still reads.
var disguises = map[string]func(string) string{
	"plain":          func(s string) string { return s },
	"full width":     mapped(func(i int, r rune) string { return string(r + 0xFEE0) }),
	"spaced":         between(" "),
	"full spaces":    between("\u3000"),
	"hyphens":        between("-"),
	"dots":           between("."),
	"middle dots":    between("·"),
	"zero width":     between("\u200b"),
	"joiners":        between("\u2060"),
	"soft hyphens":   between("\u00ad"),
	"variation":      between("\ufe0f"),
	"combining":      between("\u0336"),
	"bidi":           between("\u200e"),
	"chinese":        digits("〇一二三四五六七八九"),
	"chinese zero":   digits("零一二三四五六七八九"),
	"financial":      digits("零壹贰叁肆伍陆柒捌玖"),
	"circled":        digits("⓪①②③④⑤⑥⑦⑧⑨"),
	"superscript":    digits("⁰¹²³⁴⁵⁶⁷⁸⁹"),
	"bold":           digits("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
	"arabic-indic":   digits("٠١٢٣٤٥٦٧٨٩"),
	"devanagari":     digits("०१२३४५६७८९"),
	"letter O":       digits("O123456789"),
	"letter l":       digits("0l23456789"),
	"mixed":          digits("O一２3④伍6柒8九"),
	"line break":     func(s string) string { return s[:len(s)/2] + "\n" + s[len(s)/2:] },
	"wrapped":        func(s string) string { return s[:3] + "\r\n" + s[3:7] + "\r\n" + s[7:] },
	"spaced chinese": func(s string) string { return between(" ")(digits("〇一二三四五六七八九")(s)) },
}

func mapped(f func(int, rune) string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for i, r := range s {
			b.WriteString(f(i, r))
		}
		return b.String()
	}
}

func between(sep string) func(string) string {
	return mapped(func(i int, r rune) string {
		if i == 0 {
			return string(r)
		}
		return sep + string(r)
	})
}

func digits(row string) func(string) string {
	ten := []rune(row)
	return mapped(func(_ int, r rune) string {
		if r >= '0' && r <= '9' {
			return string(ten[r-'0'])
		}
		return string(r)
	})
}

// TestDisguises plants made-up numbers under every disguise: none may pass, and
// a mask must cover all of it.
func TestDisguises(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for name, disguise := range disguises {
		t.Run(name, func(t *testing.T) {
			for range 200 {
				for kind, n := range map[privacy.Kind]string{
					privacy.ResidentID: residentID(r), privacy.Mobile: mobile(r), privacy.BankCard: card(r),
				} {
					hidden := disguise(n)
					text := "反馈意见指出，相关人员（" + hidden + "）未按规定退还。"
					hits := privacy.Scan(text)
					if len(hits) != 1 || hits[0].Kind != kind || text[hits[0].Start:hits[0].End] != hidden {
						t.Fatalf("%s as %s in %q: %v", kind, n, text, hits)
					}
				}
			}
		})
	}
}

func residentID(r *rand.Rand) string {
	region := []string{"110105", "320583", "440306", "650102", "820000"}[r.IntN(5)]
	body := fmt.Sprintf("%s%04d%02d%02d%03d", region, 1930+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28), r.IntN(1000))
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	if sum%11 == 2 {
		return residentID(r) // X has no full-width or Chinese digit in the disguises
	}
	return body + string("10X98765432"[sum%11])
}

func mobile(r *rand.Rand) string {
	return fmt.Sprintf("1%d%09d", 3+r.IntN(7), r.IntN(1_000_000_000))
}

func card(r *rand.Rand) string {
	body := fmt.Sprintf("62%02d%014d", r.IntN(100), r.Int64N(100_000_000_000_000))
	sum := 0
	for i := range body {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return body + string(rune('0'+(10-sum%10)%10))
}

// TestOfficialText scans the kinds of sentence that offices publish: no number in
// them is a person's.
func TestOfficialText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"澜巡办通〔2026〕7号，2026年3月2日至4月24日，受理来信来电来访183件，追回资金128.40万元。",
		"发放问卷612份，回收598份，满意率97.66%，2025-12-31至2026-01-15为公示期。",
		"联系电话：0990-5550122（8:30—12:00，14:30—18:00），12388举报电话，邮政编码990121。",
		"公网安备 61010302000123号，ICP备案号：陇ICP备2026000001号-1，许可证编号 62120260001。",
		"一、二、三、四、五项任务已完成，六、七、八、九、十项正在推进；第十一、十二、十三条长期坚持。",
		"2026.9.30、2026.10.15、2026.10.31三个时间节点，项目代码2026-990121-48-01-000123。",
		"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31",
		"预算2018年13205.60万元、2019年14011.20万元、2020年15900.00万元，增长6.1%、13.5%。",
		"高标准农田项目涉及3个乡镇86.50万元，索引号SQL-XC-2026-05-02，版本1.2.3。",
		"京A级、苏B类项目评审，云平台V2.0，甘G312国道改建。",
	} {
		if got := scan(text); got != nil {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add("身份证号 1101 0519 4912 3100 2X，电话１３８００００００００")
	f.Add("京A·12345 a@b.cn 6222 0000 0000 0009 \xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, h := range privacy.Scan(text) {
			if h.Start < last || h.End <= h.Start || h.End > len(text) {
				t.Fatalf("hit %+v after %d in %d bytes", h, last, len(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[h.Start:h.End]) {
				t.Fatalf("hit %+v cuts a character", h)
			}
			last = h.End
		}
	})
}

func BenchmarkScan(b *testing.B) {
	text := strings.Repeat("反馈问题14个，已完成11个，电话0990-5550122，清退资金12.34万元，2026年9月21日。", 400)
	for b.Loop() {
		privacy.Scan(text)
	}
}
