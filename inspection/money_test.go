package inspection_test

import (
	"testing"

	"xuncha/inspection"
)

func TestMoney(t *testing.T) {
	t.Parallel()
	for fen, want := range map[int64]string{
		0: "0.00元", 5: "0.05元", 999_999: "9999.99元", 1_000_000: "1.00万元", 12_340_000: "12.34万元", 1_234_500: "1.23万元",
		1_235_000: "1.24万元", 8_650_000_000: "8650.00万元",
	} {
		if got := inspection.Money(fen); got != want {
			t.Errorf("%d fen: got %s, want %s", fen, got, want)
		}
	}
}
