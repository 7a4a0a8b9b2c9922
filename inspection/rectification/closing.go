package rectification

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/tenants"
)

// ClosingRate is the formula of the rate of what is put right (销号率). Everybody who
// shows that rate asks this one. It is the policy of the office that looks: a level
// that compares the offices below counts all of them by its own formula.
//
// What published reports call 基本完成 and 长期坚持 is one state here, [LongTerm]: a case
// that goes on and comes back on a day. Reports do not count it as done (HANDBOOK §6:
// 688 of 697 are 98.71 %, 19 of 25 are 76 %), and so does the shipped policy; an office
// may count it, or leave it out of the whole.
type ClosingRate struct{ done, leftOut []State }

// ClosingRateOf returns the formula of a policy. A formula that counts as done what is
// still being worked on, or leaves out what is done, is an error of the policy.
func ClosingRateOf(p tenants.ClosingPolicy) (r ClosingRate, err error) {
	for _, name := range p.Done {
		s := State(name)
		if s != Closed && s != LongTerm {
			return r, fmt.Errorf("policy: closing_rate: %q is not done", name)
		}
		r.done = append(r.done, s)
	}
	if !slices.Contains(r.done, Closed) {
		return r, fmt.Errorf("policy: closing_rate: %q must count as done", Closed)
	}
	for _, name := range p.LeftOut {
		s := State(name)
		if cases.Called[s] == "" || slices.Contains(r.done, s) {
			return r, fmt.Errorf("policy: closing_rate: %q cannot be left out", name)
		}
		r.leftOut = append(r.leftOut, s)
	}
	return r, nil
}

// Of returns how many of the cases count as done, and of how many.
func (r ClosingRate) Of(cases map[State]int) (done, whole int) {
	for state, n := range cases {
		if slices.Contains(r.done, state) {
			done += n
		}
		if !slices.Contains(r.leftOut, state) {
			whole += n
		}
	}
	return done, whole
}

// Share returns how many of so many parts num of den is, rounded half up, but never all
// of them when something is missing: of 1000 parts it is tenths of a percent. den is
// not 0.
func Share(num, den, parts int) int {
	n := (2*parts*num + den) / (2 * den)
	if num < den {
		return min(n, parts-1)
	}
	return n
}

// Text is the formula as people read it beside the rate (口径).
func (r ClosingRate) Text() string {
	names := func(states []State) string {
		words := make([]string, len(states))
		for i, s := range states {
			words[i] = s.Word()
		}
		return strings.Join(words, " + ")
	}
	above, below := names(r.done), "全部反馈问题"
	if len(r.done) > 1 {
		above = "（" + above + "）"
	}
	if len(r.leftOut) > 0 {
		below = fmt.Sprintf("（%s - %s）", below, strings.ReplaceAll(names(r.leftOut), " + ", " - "))
	}
	text := fmt.Sprintf("销号率 = %s ÷ %s。", above, below)
	switch {
	case slices.Contains(r.done, LongTerm):
		return text + "长期整改（基本完成、长期坚持）按完成计。"
	case slices.Contains(r.leftOut, LongTerm):
		return text + "长期整改（基本完成、长期坚持）不计入分子和分母。"
	}
	return text + "长期整改（基本完成、长期坚持）不按完成计，仍在分母中。"
}
