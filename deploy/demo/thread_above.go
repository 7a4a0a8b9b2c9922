package demo

import (
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
)

// above has 冯立 ask for one item of 松渡县农业农村局 twice: 葛亚军 grants the first time by
// herself; the second is 望澜市's to decide, as its policy says. She passes it up on
// 11-19, and it waits for 沈若谷 at the demo's clock.
func (t timeTeller) above() error {
	head, director := t.people["fengli"], t.people["geyajun"]
	ids, err := t.found(head, rectification.Working, 1)
	if err != nil {
		return err
	}
	file, err := t.file(head, ids[0], moment("2026-11-02 09:20"), "招标工作情况说明", "首次招标流标，重新公告，并附开标记录。")
	if err != nil {
		return err
	}
	ask := func(at string, short inspection.Day, reason string) (r extensions.Request, err error) {
		now := moment(at)
		p, err := t.requests(now).Of(t.ctx, head, ids[0])
		if err != nil {
			return r, err
		}
		r, err = t.requests(now).Ask(t.ctx, head, ids[0], extensions.Asking{
			Kind: extensions.Later, UntilOn: *p.LatestOn - short, Reason: reason, Evidence: []inspection.EvidenceID{file},
		})
		if err != nil {
			return r, err
		}
		return t.requests(now).Sign(t.ctx, head, r.ID, r.Version, extensions.Signing{Promise: p.Promise, Digest: r.Digest})
	}
	r, err := ask("2026-11-02 10:00", 70, "设备采购首次招标流标，需重新公告。")
	if err != nil {
		return err
	}
	granted := extensions.Deciding{Note: "原因属实，同意顺延，请抓紧重新招标。"}
	if _, err := t.requests(moment("2026-11-03 09:00")).Approve(t.ctx, director, r.ID, r.Version, granted); err != nil {
		return err
	}
	if r, err = ask("2026-11-18 10:20", 60, "第二次招标中标单位放弃，须按程序重新确定供货单位，到货安装相应顺延。"); err != nil {
		return err
	}
	_, err = t.requests(moment("2026-11-19 09:10")).Forward(t.ctx, director, r.ID, r.Version, "经核实情况属实，已约请县财政局加快采购备案，拟同意顺延，请市委巡察办审定。")
	return err
}
