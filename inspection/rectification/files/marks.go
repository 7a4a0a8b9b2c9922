package files

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// A document that carries a state secret says so in its head: 机密★10年, 密级：秘密,
// or the level alone on a line. The words in a sentence are no mark.
var (
	markStar  = regexp.MustCompile(`(绝密|机密|秘密)[\s\p{Z}]*[★☆]`)
	markLevel = regexp.MustCompile(`密[\s\p{Z}]*级[\s\p{Z}]*[:：]?[\s\p{Z}]*(绝密|机密|秘密)`)
	markAlone = regexp.MustCompile(`^(绝[\s\p{Z}]*密|机[\s\p{Z}]*密|秘[\s\p{Z}]*密)$`)
	markName  = regexp.MustCompile(`[（(\[【](绝密|机密|秘密)[）)\]】]`)
)

// headLines is how many lines a level that stands alone may be away from the top.
const headLines = 30

func marked(text string) bool {
	if markStar.MatchString(text) || markLevel.MatchString(text) {
		return true
	}
	n := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if markAlone.MatchString(line) {
			return true
		}
		if n++; n == headLines {
			break
		}
	}
	return false
}

func markedName(name string) bool { return markStar.MatchString(name) || markName.MatchString(name) }

var (
	lineEnds = regexp.MustCompile(`</(w:p|a:p|si|ofd:TextCode|TextCode)>`)
	elements = regexp.MustCompile(`<[^>]*>`)
)

// plain returns the text of an XML part, one paragraph a line.
func plain(xml []byte) string {
	xml = bytes.ReplaceAll(xml, []byte("\n"), nil)
	xml = lineEnds.ReplaceAll(xml, []byte("\n"))
	return html.UnescapeString(string(elements.ReplaceAll(xml, nil)))
}
