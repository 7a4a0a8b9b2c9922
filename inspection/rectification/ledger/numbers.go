package ledger

import (
	"regexp"
	"strconv"
	"strings"

	"xuncha/inspection"
)

// significant is how many digits of a number a spreadsheet keeps.
const significant = 15

var numeral = regexp.MustCompile(`^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$`)

// plain writes a number as a person would: from 1.1E+17 or 18.600000000000001
// to 110000000000000000 or 18.6. It works on the digits, rounding as the
// spreadsheet does when it shows them.
func plain(raw string) (string, bool) {
	m := numeral.FindStringSubmatch(raw)
	if m == nil {
		return raw, false
	}
	digits := m[2] + m[3]
	point := len(m[2])
	if m[4] != "" {
		e, _ := strconv.Atoi(m[4]) // two digits by the expression
		point += e
	}
	zeros := len(digits) - len(strings.TrimLeft(digits, "0"))
	digits, point = digits[zeros:], point-zeros
	digits, point = round(digits, point)
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return "0", true
	}
	return sign(m[1]) + place(digits, point), true
}

// round keeps the significant digits, half away from zero.
func round(digits string, point int) (string, int) {
	if len(digits) <= significant {
		return digits, point
	}
	kept, up := []byte(digits[:significant]), digits[significant] >= '5'
	for i := len(kept) - 1; up && i >= 0; i-- {
		if up = kept[i] == '9'; up {
			kept[i] = '0'
		} else {
			kept[i]++
		}
	}
	if up {
		return "1" + string(kept), point + 1
	}
	return string(kept), point
}

func sign(s string) string {
	if s == "-" {
		return s
	}
	return ""
}

// place puts the decimal point behind the first point digits.
func place(digits string, point int) string {
	switch {
	case point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		return digits + strings.Repeat("0", point-len(digits))
	}
	return digits[:point] + "." + digits[point:]
}

// lostDigits reports whether a number is longer than a spreadsheet can hold, as
// an identity or bank number typed into a numeric cell is: the rest is gone.
func lostDigits(plain string) bool {
	whole, _, _ := strings.Cut(strings.TrimPrefix(plain, "-"), ".")
	return len(whole) > significant
}

// percent writes 0.855 as 85.5%.
func percent(plain string) string {
	minus := strings.HasPrefix(plain, "-")
	whole, part, _ := strings.Cut(strings.TrimPrefix(plain, "-"), ".")
	part += "00"
	digits := strings.TrimLeft(whole+part[:2], "0")
	if digits == "" {
		digits = "0"
	}
	if rest := strings.TrimRight(part[2:], "0"); rest != "" {
		digits += "." + rest
	}
	if minus {
		digits = "-" + digits
	}
	return digits + "%"
}

// serialDay turns the number that a spreadsheet keeps for a day into the day.
func (b *book) serialDay(plain string) (inspection.Day, bool) {
	whole, _, _ := strings.Cut(plain, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 61 || n > 109_573 { // before is Excel's 29 February 1900; after is 2199
		return 0, false
	}
	return inspection.Day(n + b.epoch), true
}
