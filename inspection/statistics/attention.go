package statistics

import (
	"cmp"
	"slices"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// Attention is something that somebody should look at (需要关注): how many of one kind
// there are at one office.
type Attention struct {
	Kind   AttentionKind        `json:"kind"`
	Place  Place                `json:"place"`
	Below  bool                 `json:"below" doc:"Counts the office and those below it; false: its own alone, which one list shows"`
	N      int                  `json:"n"`
	Notice *inspection.NoticeID `json:"notice" doc:"Of a notice that was not signed for"`
	Number string               `json:"number" maxLength:"40" doc:"Of the notice"`
}

// AttentionKind says what needs attention.
type AttentionKind string

// The kinds, the most pressing first.
const (
	InDoubt     AttentionKind = "doubt"      // 存疑待核
	LongOverdue AttentionKind = "overdue-30" // 逾期≥30天
	MatterWaits AttentionKind = "matter"     // 上报待受理
	NotSigned   AttentionKind = "receipt"    // 通报未签收
	OnBoard     AttentionKind = "listed"     // 挂牌督办中
)

// AttentionKinds lists the kinds in their order.
func AttentionKinds() []AttentionKind {
	return []AttentionKind{InDoubt, LongOverdue, MatterWaits, NotSigned, OnBoard}
}

// Word is the kind as people read it.
func (k AttentionKind) Word() string {
	return map[AttentionKind]string{InDoubt: "存疑待核", LongOverdue: "逾期≥30天", MatterWaits: "上报待受理", NotSigned: "通报未签收", OnBoard: "挂牌督办中"}[k]
}

// attention lists what needs attention in a tree of offices, by kind and in the
// tree's order, added up for each office directly below top, and for top itself.
func attention(top tenants.Tenant, tree []tenants.Tenant, counts map[tenants.ID]officeCounts, waiting []linkage.Waiting) []Attention {
	all := []Attention{}
	add := func(kind AttentionKind, at tenants.ID, n int, notice *inspection.NoticeID, number string) {
		of := branch(top, tree, at)
		i := slices.IndexFunc(all, func(a Attention) bool { return a.Kind == kind && a.Place.Slug == of.Slug && a.Number == number })
		switch {
		case n == 0:
		case i >= 0:
			all[i].N += n
		default:
			all = append(all, Attention{Kind: kind, Place: place(of), Below: parent(tree, of) && of.ID != top.ID, N: n, Notice: notice, Number: number})
		}
	}
	for _, t := range tree {
		add(InDoubt, t.ID, counts[t.ID].Doubt, nil, "")
		add(LongOverdue, t.ID, counts[t.ID].Overdue30, nil, "")
	}
	for _, w := range waiting {
		kind := MatterWaits
		switch {
		case w.Notice != nil:
			kind = NotSigned
		case w.Board:
			kind = OnBoard
		}
		add(kind, w.Office, w.N, w.Notice, w.Number)
	}
	kinds := AttentionKinds()
	slices.SortStableFunc(all, func(a, b Attention) int {
		return cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind))
	})
	return all
}

// branch returns the office directly below top that stands for the office at, or top.
func branch(top tenants.Tenant, tree []tenants.Tenant, at tenants.ID) tenants.Tenant {
	for _, t := range tree {
		if t.Parent != nil && *t.Parent == top.ID && t.ID != top.ID && t.Lo <= at && at <= t.Hi {
			return t
		}
	}
	return top
}

// parent reports whether offices stand directly below t.
func parent(tree []tenants.Tenant, t tenants.Tenant) bool {
	return slices.ContainsFunc(tree, func(u tenants.Tenant) bool { return u.Parent != nil && *u.Parent == t.ID })
}
