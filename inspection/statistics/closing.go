package statistics

import (
	"context"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Closing is how far an office, or the unit of who looks, is with its problems.
type Closing struct {
	Counts     Counts `json:"counts"`
	ClosedRate Rate   `json:"closed_rate" doc:"销号率"`
	Text       string `json:"text" maxLength:"500" doc:"口径: the formula, from the policy of the office that looks"`
}

// Closing returns the closing rate of one office, the own or one below by its slug, to
// which the scope's reach was moved; of their own unit alone for its people. Counts are
// read, no row of anybody.
func (s *Service) Closing(ctx context.Context, scope tenants.Scope, slug string) (c Closing, err error) {
	o, err := s.Units(ctx, scope, slug)
	if err != nil {
		return c, err
	}
	c.Counts, c.ClosedRate = o.Total.Counts, o.Total.ClosedRate
	for _, d := range o.Definitions {
		if d.Figure == "closed_rate" {
			c.Text = d.Text
		}
	}
	return c, nil
}

// formulaOf returns the formula of the office that looks.
func formulaOf(ctx context.Context, tx *tenants.Tx) (rectification.ClosingRate, error) {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return rectification.ClosingRate{}, err
	}
	return rectification.ClosingRateOf(p.ClosingRate)
}

// closing returns the closing rate of these counts.
func (c Counts) closing(formula rectification.ClosingRate, z float64) Rate {
	done, whole := formula.Of(map[rectification.State]int{
		rectification.Open: c.Open, rectification.Working: c.Working, rectification.Submitted: c.Submitted,
		rectification.Returned: c.Returned, rectification.LongTerm: c.LongTerm, rectification.Closed: c.Closed,
	})
	return newRate(done, whole, z)
}
