package files

import (
	"fmt"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xuncha/inspection"
)

// maxName is how many characters a kept name has at most.
const maxName = 120

// CleanName returns the name under which a file is kept and shown. It refuses a
// name whose characters change how it reads: such a name shows another ending
// than it has.
func CleanName(pointer, name string) (string, []inspection.Field) {
	if !utf8.ValidString(name) {
		name = "文件名编码异常" + ascii(path.Ext(name))
	}
	name = norm.NFC.String(name)
	if strings.ContainsFunc(name, deceives) {
		return "", []inspection.Field{{
			Pointer: pointer, Code: "unsafe-filename",
			Message: "文件名含有改变显示顺序或不可见的字符，实际为 " + revealed(name) + "，请改名后再上传。",
		}}
	}
	for {
		tidied := tidy(name)
		if tidied == name {
			return name, nil
		}
		name = tidied
	}
}

// tidy mends what a name may not have. Shortening can bring out a new ending or
// end, so CleanName tidies until nothing is left to mend.
func tidy(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(writable, name)
	stem, ext := split(trim(name))
	if stem = trim(stem); stem == "" {
		stem = "未命名"
	}
	if reserved(stem) {
		stem = "_" + stem
	}
	if n := maxName - utf8.RuneCountInString(ext); utf8.RuneCountInString(stem) > n {
		stem = string([]rune(stem)[:n])
	}
	return stem + ext
}

// writable replaces what some file system takes in no name.
func writable(r rune) rune {
	if unicode.IsControl(r) || strings.ContainsRune(`"<>:;|?*/\`, r) {
		return '_'
	}
	return r
}

func trim(s string) string { return strings.TrimRight(strings.TrimSpace(s), ". 　") }

// split parts a name before its ending. What is long or odd is no ending.
func split(name string) (stem, ext string) {
	ext = path.Ext(name)
	if len(ext) > 10 || ascii(ext) != ext {
		return name, ""
	}
	return strings.TrimSuffix(name, ext), ext
}

func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, s)
}

// deceives reports whether a name with r reads as something else than it is.
func deceives(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r == '\u3164' || r == '\u115f' || r == '\u1160'
}

// revealed spells such characters out, in the order in which they stand.
func revealed(name string) string {
	var b strings.Builder
	for _, r := range name {
		if deceives(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() > 300 {
		return "过长的名称"
	}
	return b.String()
}

// reserved reports whether Windows keeps the name for a device.
func reserved(stem string) bool {
	stem, _, _ = strings.Cut(strings.ToUpper(stem), ".")
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem) {
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '1' && stem[3] <= '9'
}

// Distinct returns the name with a number behind it while taken has it.
func Distinct(name string, taken []string) string {
	stem, ext := split(name)
	for n := 2; slices.Contains(taken, name); n++ {
		name = Suffixed(stem+ext, fmt.Sprintf("（%d）", n))
	}
	return name
}

// Suffixed returns the name with more before its ending.
func Suffixed(name, more string) string {
	stem, ext := split(name)
	return stem + more + ext
}

// Disposition is the header (RFC 6266) that gives a download its name. A name may be
// made of that of a unit, which need not be fit for files.
func Disposition(name string, inline bool) string {
	how := "attachment"
	if inline {
		how = "inline"
	}
	return mime.FormatMediaType(how, map[string]string{"filename": strings.Map(writable, name)})
}
