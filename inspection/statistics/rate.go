package statistics

import (
	"math"

	"xuncha/inspection/rectification"
)

// Rate is a share with its counts. Shown as a percentage it stands beside them,
// and small counts are shown as a fraction only.
type Rate struct {
	Num    int  `json:"num"`
	Den    int  `json:"den"`
	Tenths *int `json:"tenths" doc:"Tenths of a percent; null below 10 cases. Never 1000 unless nothing is missing"`
	Low    *int `json:"low" doc:"Lower end of the interval, in tenths of a percent"`
	High   *int `json:"high" doc:"Upper end of the interval, in tenths of a percent"`
}

const (
	minRate = 10 // fewer cases are shown as a fraction
	minBand = 20 // fewer cases are not compared

	z95  = 1.959963984540054 // two-sided 95 %
	z998 = 3.090232306167813 // two-sided 99.8 %, for comparing more than 20 offices
)

// newRate returns num of den with the interval for z. Counting is in integers;
// only the ends of the interval are not.
func newRate(num, den int, z float64) Rate {
	r := Rate{Num: num, Den: den}
	if den < minRate {
		return r
	}
	r.Tenths = new(percent(num, den))
	low, high := wilson(num, den, z)
	r.Low, r.High = new(tenths(low)), new(tenths(high))
	return r
}

// percent returns num of den in tenths of a percent, rounded half up, but never
// 100.0 when something is missing.
func percent(num, den int) int { return rectification.Share(num, den, 1000) }

// wilson returns Wilson's score interval for num of den.
func wilson(num, den int, z float64) (low, high float64) {
	n, p := float64(den), float64(num)/float64(den)
	middle := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 1 + z*z/n
	return max(0, (middle-half)/scale), min(1, (middle+half)/scale)
}

func tenths(p float64) int { return int(math.Round(1000 * p)) }

// Band says how an office's rate stands to the reference.
type Band string

// The bands.
const (
	Higher Band = "higher" // 高于
	Even   Band = "even"   // 无明显差别
	Lower  Band = "lower"  // 低于
	NoBand Band = "none"   // 样本量小，不比较
)

// Bands lists the bands.
func Bands() []Band { return []Band{Higher, Even, Lower, NoBand} }

// Word is the band as people read it.
func (b Band) Word() string {
	return map[Band]string{Higher: "高于", Even: "无明显差别", Lower: "低于", NoBand: "样本量小，不比较"}[b]
}

// band compares the interval of num of den with the reference's rate.
func band(num, den int, z float64, ref Rate) Band {
	if den < minBand || ref.Den == 0 {
		return NoBand
	}
	low, high := wilson(num, den, z)
	at := float64(ref.Num) / float64(ref.Den)
	switch {
	case low > at:
		return Higher
	case high < at:
		return Lower
	}
	return Even
}
