package ledger

import (
	"regexp"
	"strings"
)

// format is the little that a cell's number format decides: whether its number
// is a day, and which parts of the day the clerk sees.
type format uint8

const (
	plainFormat    format = iota
	dayFormat             // year, month and day, or a form that implies them
	monthFormat           // year and month only: the day in the cell is Excel's invention
	yearlessFormat        // month and day only: the year in the cell is when it was typed
	percentFormat
)

// builtin gives the formats that styles refer to by number alone, as Chinese
// editions show them.
func builtin(id int) format {
	switch id {
	case 9, 10:
		return percentFormat
	case 14, 15, 22, 30, 31:
		return dayFormat
	case 17, 27, 36, 50, 52, 57:
		return monthFormat
	case 16, 28, 29, 51, 53, 54, 58:
		return yearlessFormat
	}
	return plainFormat
}

// unspoken matches what a format code says literally: quoted text, colours and
// locales in brackets, escaped and padding characters.
var unspoken = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|[\\_*].`)

// classify reads a format code such as yyyy"年"m"月".
func classify(code string) format {
	code, _, _ = strings.Cut(code, ";")
	code = strings.ToLower(unspoken.ReplaceAllString(code, ""))
	if strings.Contains(code, "general") {
		return plainFormat
	}
	year, day := strings.Contains(code, "y"), strings.Contains(code, "d")
	switch {
	case year && day:
		return dayFormat
	case year && strings.Contains(code, "m"):
		return monthFormat
	case day && strings.Contains(code, "m"):
		return yearlessFormat
	case strings.Contains(code, "%"):
		return percentFormat
	}
	return plainFormat
}

func (b *book) readStyles(part string) error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.unmarshal(part, &styles); err != nil {
		return err
	}
	custom := map[int]format{}
	for _, f := range styles.Formats {
		custom[f.ID] = classify(f.Code)
	}
	for _, xf := range styles.Cells {
		f, ok := custom[xf.Format]
		if !ok {
			f = builtin(xf.Format)
		}
		b.formats = append(b.formats, f)
	}
	return nil
}
