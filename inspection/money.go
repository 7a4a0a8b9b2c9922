package inspection

import "fmt"

// Money writes an amount in fen as prose does: in 万元 with two decimals, or in 元
// where it is less than one 万元 (UX §4.8).
func Money(fen int64) string {
	if fen < 1_000_000 {
		return fmt.Sprintf("%d.%02d元", fen/100, fen%100)
	}
	hundredths := (fen + 5_000) / 10_000
	return fmt.Sprintf("%d.%02d万元", hundredths/100, hundredths%100)
}
