package inspection_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"xuncha/inspection"
)

// TestCleanText goes through the rows on text of the bad-input catalogue (TRUST
// §5.2, BI-014 to BI-016, BI-027, BI-160 to BI-172).
func TestCleanText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
		code           string // of the refusal, when want is empty
	}{
		{"plain", "整改方案", "整改方案", ""},
		{"spaces at both ends", " 　整改方案\n\t", "整改方案", ""},
		{"Windows and Mac line ends", "一\r\n二\r三\n四", "一\n二\n三\n四", ""},
		{"line and paragraph separator", "一\u2028二\u2029三", "一\n二\n三", ""},
		{"an empty line is kept", "一\r\n\r\n二", "一\n\n二", ""},
		{"tab is kept", "一\t二", "一\t二", ""},
		{"composed", "zhi\u0300liang", "zhìliang", ""},
		{"compatibility ideograph", "\uf900", "豈", ""},
		{"radical of a PDF stays itself", "\u2f00", "\u2f00", ""},
		{"full width stays", "ＡＢ１２＝", "ＡＢ１２＝", ""},
		{"beyond the basic plane", "𠮷野家😀𬎆", "𠮷野家😀𬎆", ""},
		{"ideographic variation", "葛\U000e0100城", "葛\U000e0100城", ""},
		{"emoji of several", "👨‍👩‍👧", "👨‍👩‍👧", ""},
		{"zero width inside stays", "张\u200b三", "张\u200b三", ""},
		{"private use", "\ue000", "\ue000", ""},
		{"middle dot", "买买提·吐尔逊", "买买提·吐尔逊", ""},
		{"markup is text", "<script>{{7*7}}</script>", "<script>{{7*7}}</script>", ""},
		{"Tibetan", strings.Repeat("བཀྲ་ཤིས་བདེ་ལེགས།", 60), strings.Repeat("བཀྲ་ཤིས་བདེ་ལེགས།", 60), ""},
		{"tones apart", strings.Repeat("zhi\u0300", 300), strings.Repeat("zhì", 300), ""},
		{"at the limit", strings.Repeat("\U00020bb7", 2000), strings.Repeat("\U00020bb7", 2000), ""},
		{"at the limit once composed", strings.Repeat("e\u0301", 200) + strings.Repeat("一", 1800), strings.Repeat("é", 200) + strings.Repeat("一", 1800), ""},
		{"over the limit by spaces that go", strings.Repeat("一", 2000) + "  \r\n", strings.Repeat("一", 2000), ""},

		{"one over the limit", strings.Repeat("\U00020bb7", 2001), "", "too-long"},
		{"one line of a megabyte", strings.Repeat("一", 1<<20), "", "too-long"},
		{"not UTF-8", "整改\xff\xfe方案", "", "invalid-utf8"},
		{"overlong", "\xc0\xaf", "", "invalid-utf8"},
		{"half of a pair", "\xed\xa0\x80", "", "invalid-utf8"},
		{"GBK", "\xd5\xfb\xb8\xc4", "", "invalid-utf8"},
		{"cut inside a character", "整"[:2], "", "invalid-utf8"},
		{"NUL", "整\x00改", "", "control-character"},
		{"bell", "\a", "", "control-character"},
		{"delete", "整\x7f", "", "control-character"},
		{"vertical tab", "整\v改", "", "control-character"},
		{"next line", "整\u0085改", "", "control-character"},
		{"escape", "\x1b[31m整改", "", "control-character"},
		{"flood of marks", "a" + strings.Repeat("\u0300", 500), "", "too-many-marks"},
		{"flood over many letters", strings.Repeat("字\u0300\u0301\u0302\u0303\u0304", 60), "", "too-many-marks"},
		{"empty", "", "", "required"},
		{"only spaces", " \u3000\u00a0\n", "", "required"},
		{"only invisible", "\u200b\u2060\ufeff\u00ad", "", "required"},
		{"only a filler", "\u3164", "", "required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, fields := inspection.CleanText("/text", tt.in, true, 2000)
			if tt.code == "" {
				if got != tt.want || fields != nil {
					t.Errorf("%+q becomes %+q, %v", tt.in, got, fields)
				}
				return
			}
			if len(fields) != 1 || fields[0].Code != tt.code || fields[0].Pointer != "/text" || got != "" {
				t.Fatalf("got %+q, %v; want %s of /text", got, fields, tt.code)
			}
			if tt.in != "" && utf8.ValidString(tt.in) && strings.Contains(fields[0].Message, tt.in) {
				t.Errorf("the message repeats the text: %s", fields[0].Message)
			}
		})
	}
}

// TestCleanTextOptional: what shows nothing may be left out where nothing is
// required, but a bad text is bad there too.
func TestCleanTextOptional(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, in := range []string{"", " \n", "\u200b", "\x00", "\xff", "一二三四"} {
		s, fields := inspection.CleanText("/note", in, false, 3)
		got[in] = s
		if fields != nil {
			got[in] = fields[0].Code
		}
	}
	want := map[string]string{
		"": "", " \n": "", "\u200b": "\u200b", "\x00": "control-character", "\xff": "invalid-utf8", "一二三四": "too-long",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCleanTextKeeps draws texts: what is taken obeys every rule of the records
// and is taken unchanged the next time, however its line ends came; what is
// refused is refused whole.
func TestCleanTextKeeps(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{
		"整", "改", "a", "e\u0301", "\u0301", "\u0323\u0307", "\r", "\n", "\r\n", "\t", " ", "\u3000", "\u2028", "\u200b", "\ufeff", "\uf900", "𠮷",
		"\U000e0100", "ཀྲ", "각", "\u1100\u1161\u11a8", "\x00", "\u0085", "\xff", "\xe6\x95",
	})
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(pieces, 0, 40).Draw(t, "pieces"), "")
		if rapid.Bool().Draw(t, "anything") {
			in = rapid.String().Draw(t, "text")
		}
		limit, required := rapid.IntRange(0, 40).Draw(t, "limit"), rapid.Bool().Draw(t, "required")
		got, fields := inspection.CleanText("/text", in, required, limit)
		if fields != nil {
			if got != "" || len(fields) != 1 {
				t.Fatalf("refused, %+q comes back as %+q: %v", in, got, fields)
			}
			return
		}
		switch {
		case !utf8.ValidString(in), strings.ContainsAny(in, "\x00\u0085"):
			t.Fatalf("%+q is taken", in)
		case !norm.NFC.IsNormalString(got):
			t.Fatalf("%+q becomes %+q, which is not NFC", in, got)
		case strings.ContainsAny(got, "\r\u2028\u2029"), got != strings.TrimSpace(got):
			t.Fatalf("%+q becomes %+q", in, got)
		case utf8.RuneCountInString(got) > limit:
			t.Fatalf("%+q has %d characters, more than %d", got, utf8.RuneCountInString(got), limit)
		case required && inspection.Blank(got):
			t.Fatalf("%+q shows nothing", got)
		}
		if again, fields := inspection.CleanText("/text", got, required, limit); again != got || fields != nil {
			t.Fatalf("%+q becomes %+q, and that %+q, %v", in, got, again, fields)
		}
		windows := strings.ReplaceAll(got, "\n", "\r\n")
		if same, fields := inspection.CleanText("/text", windows, required, limit); same != got || fields != nil {
			t.Fatalf("with other line ends, %+q becomes %+q, %v", got, same, fields)
		}
	})
}
