package documents

import (
	"context"
	"fmt"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// closing is the sheet behind a ledger that says how far its problems are: the counts,
// the rate, and the formula by which it was counted (口径).
func closing(ctx context.Context, tx *tenants.Tx, states map[rectification.State]int) ([]sheet, error) {
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	formula, err := rectification.ClosingRateOf(policy.ClosingRate)
	if err != nil {
		return nil, err
	}
	notes, all := [][]any{}, 0
	for _, s := range rectification.Cases().States() {
		notes, all = append(notes, []any{s.Word(), states[s]}), all+states[s]
	}
	done, whole := formula.Of(states)
	notes = append(notes, []any{"合计", all}, []any{"销号率", rateOf(done, whole)}, []any{"口径", formula.Text() + "按本表列出的问题计算。"})
	return []sheet{{"销号情况", []float64{14, 80}, notes}}, nil
}

// rateOf writes a share with its counts: 56/96 · 58.3%, never 100.0% when something is
// missing, and the fraction alone below ten.
func rateOf(done, whole int) string {
	fraction := fmt.Sprintf("%d/%d", done, whole)
	if whole < 10 {
		return fraction
	}
	tenths := rectification.Share(done, whole, 1000)
	return fmt.Sprintf("%s · %d.%d%%", fraction, tenths/10, tenths%10)
}
