package files_test

import (
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"xuncha/inspection/rectification/files"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 300)
	tests := []struct{ name, in, want string }{
		{"plain", "会议纪要.pdf", "会议纪要.pdf"},
		{"line ends and quotes", "a\r\nb\";c.pdf", "a__b__c.pdf"},
		{"a path", `C:\fakepath\照片.jpg`, "照片.jpg"},
		{"up and away", "../../etc/passwd", "passwd"},
		{"too long, ending kept", long + ".docx", strings.Repeat("长", 115) + ".docx"},
		{"only spaces", "  　 ", "未命名"},
		{"only an ending", ".pdf", "未命名.pdf"},
		{"trailing dots", "报告.pdf...", "报告.pdf"},
		{"a device", "con.pdf", "_con.pdf"},
		{"another device", "LPT1", "_LPT1"},
		{"no device", "COM0.pdf", "COM0.pdf"},
		{"rare characters", "𬎆同志.pdf", "𬎆同志.pdf"},
		{"GBK bytes", "\xb1\xa8\xb8\xe6.pdf", "文件名编码异常.pdf"},
		{"decomposed", "e\u0301.pdf", "\u00e9.pdf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, bad := files.CleanName("/name", tt.in)
			if got != tt.want || len(bad) > 0 {
				t.Errorf("CleanName = %q, %v; want %q", got, bad, tt.want)
			}
		})
	}
	for _, in := range []string{"报告\u202excod.exe", "a\u200b.pdf", "\ufeffa.pdf", "a\u2066b.pdf", "\u3164.pdf"} {
		_, bad := files.CleanName("/name", in)
		if len(bad) != 1 || bad[0].Code != "unsafe-filename" || !strings.Contains(bad[0].Message, "[U+") {
			t.Errorf("%+q: %v, want a refusal that shows the real order", in, bad)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"a.pdf", "..", "CON", "报告\u202e.exe", "\xff", "a/b\\c", strings.Repeat("x.", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, bad := files.CleanName("/name", in)
		if len(bad) > 0 {
			return
		}
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > 121 || strings.ContainsAny(got, "/\\\"<>:;|?*\r\n\x00") {
			t.Errorf("CleanName(%q) = %q", in, got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("CleanName(%q) = %q keeps what cannot be seen", in, got)
		}
		if again, bad := files.CleanName("/name", got); again != got || len(bad) > 0 {
			t.Errorf("a clean name changed: %q, then %q", got, again)
		}
	})
}

func TestDisposition(t *testing.T) {
	t.Parallel()
	if got, want := files.Disposition("报告（2）.pdf", false), "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A%EF%BC%882%EF%BC%89.pdf"; got != want {
		t.Errorf("Disposition = %s, want %s", got, want)
	}
	if got, want := files.Disposition("a b.pdf", true), `inline; filename="a b.pdf"`; got != want {
		t.Errorf("Disposition = %s, want %s", got, want)
	}
	for _, in := range []string{"a/../b.pdf", `a\..\b.pdf`, "a\r\nb.pdf", `a"b.pdf`} { // a unit may be called so
		_, params, err := mime.ParseMediaType(files.Disposition(in, false))
		if name := params["filename"]; err != nil || strings.ContainsAny(name, "/\\\r\n\"") || !strings.HasSuffix(name, "b.pdf") {
			t.Errorf("%q is sent as %q, %v", in, name, err)
		}
	}
}
