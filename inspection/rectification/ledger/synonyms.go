package ledger

import (
	"regexp"
	"strings"
)

// Column is what a column of a ledger holds.
type Column string

// The columns that are imported.
const (
	NumberColumn     Column = "number"
	CategoryColumn   Column = "category"
	ProblemColumn    Column = "problem"
	GoalColumn       Column = "goal"
	AmountColumn     Column = "amount"
	RecoveredColumn  Column = "recovered"
	MeasureColumn    Column = "measure"
	LeaderColumn     Column = "leader"
	PersonColumn     Column = "person"
	DepartmentColumn Column = "department"
	HelpersColumn    Column = "helpers"
	DueColumn        Column = "due"
	ProgressColumn   Column = "progress"
	StatusColumn     Column = "status"
	RulesColumn      Column = "rules"
	ElsewhereColumn  Column = "elsewhere"
	RemarkColumn     Column = "remark"

	otherColumn Column = "other" // known, and known not to be one of the above
)

// columnNames are the columns in the order of the page, the names that offices
// give them, the best first, and what we call them to the person.
var columnNames = []struct {
	column Column
	title  string
	names  []string
}{
	{NumberColumn, "序号", []string{"序号", "问题序号", "问题编号", "编号", "no", "no."}},
	{CategoryColumn, "问题类别", []string{
		"问题类别", "类别", "问题类型", "问题归类", "问题分类", "主要方面", "问题方面", "反馈方面", "所属类别", "方面", "类型", "分类",
	}},
	{ProblemColumn, "反馈问题", []string{
		"反馈问题", "反馈的问题", "巡察反馈问题", "巡视反馈问题", "具体问题", "问题描述", "问题表现", "具体表现", "问题内容", "存在问题", "存在的问题",
		"主要问题", "问题清单", "反馈意见", "具体内容", "问题",
	}},
	{GoalColumn, "整改目标", []string{"整改目标", "目标", "目标要求", "整改要求", "完成标准", "整改标准", "预期目标", "预期成效"}},
	{AmountColumn, "涉及金额", []string{"涉及金额", "问题金额", "涉及资金", "涉及资金数额", "违规金额", "资金数额", "金额"}},
	{RecoveredColumn, "追回金额", []string{
		"追回金额", "已追回金额", "已追回", "追回资金", "追缴金额", "已追缴", "清退金额", "收缴金额", "挽回损失",
	}},
	{MeasureColumn, "整改措施", []string{
		"整改措施", "整改举措", "具体措施", "具体举措", "措施", "举措", "整改任务", "任务清单", "整改内容", "任务",
	}},
	{LeaderColumn, "责任领导", []string{"责任领导", "分管领导", "牵头领导", "包抓领导", "包联领导", "领导"}},
	{PersonColumn, "责任人", []string{"责任人", "整改责任人", "具体责任人", "直接责任人", "责任人员", "经办人", "承办人"}},
	{DepartmentColumn, "责任单位", []string{
		"牵头单位", "牵头部门", "牵头科室", "责任单位牵头", "牵头", "责任单位", "整改责任单位", "责任部门", "责任科室", "责任股室", "主责单位", "承办单位",
		"主办单位", "承办科室", "整改单位",
	}},
	{HelpersColumn, "配合单位", []string{
		"配合单位", "配合部门", "配合科室", "责任单位配合", "配合", "协作单位", "协办单位", "协助单位", "协同单位", "参与单位",
	}},
	{DueColumn, "整改时限", []string{
		"整改时限", "完成时限", "整改完成时限", "时限要求", "整改期限", "完成期限", "计划完成时间", "计划完成时限", "完成时间", "整改完成时间", "办理时限", "截止时间",
		"截止日期", "整改时间", "时限", "期限",
	}},
	{ProgressColumn, "整改进展", []string{
		"整改进展情况", "整改进展", "进展情况", "进展", "工作进展", "落实情况", "整改落实情况", "整改情况", "整改成效", "取得成效", "进展及成效", "整改结果",
	}},
	{StatusColumn, "完成情况", []string{
		"完成情况", "是否完成", "整改完成情况", "是否完成整改", "整改状态", "完成状态", "状态", "是否销号", "销号情况",
	}},
	{RulesColumn, "建章立制", []string{
		"建章立制", "建章立制情况", "制度建设", "完善制度", "建立制度", "制定制度", "建立健全制度", "建立完善制度", "制度成果",
	}},
	{ElsewhereColumn, "举一反三检查情况", []string{
		"举一反三检查情况", "举一反三情况", "举一反三结果", "举一反三整改情况", "举一反三自查情况", "举一反三落实情况", "举一反三排查情况", "举一反三",
	}},
	{RemarkColumn, "备注", []string{"备注", "说明"}},
	{otherColumn, "", []string{
		"启动时间", "开始时间", "实际完成时间", "反馈时间", "销号时间", "填报时间", "申请日期", "根本原因", "原因分析", "产生原因", "问题原因", "证明材料",
		"佐证材料", "整改佐证", "监督单位", "督办单位", "督导单位", "督办领导", "被巡察单位", "单位名称", "单位", "巡察轮次", "轮次", "联系人", "联系电话",
		"审核意见", "验收意见", "问责情况", "追责问责", "公开情况", "是否公开", "是否立行立改", "问题来源",
	}},
}

// title is what we call a column to the person.
func (c Column) title() string {
	for _, n := range columnNames {
		if n.column == c {
			return n.title
		}
	}
	return string(c)
}

// Confidence is how sure it is that a column was taken for the right one.
type Confidence string

// The degrees of confidence.
const (
	Exact   Confidence = "exact"  // a name that we know
	Likely  Confidence = "likely" // contains a name that we know
	Chosen  Confidence = "chosen" // the person said so
	Extra   Confidence = "extra"  // another column fits better
	NoMatch Confidence = "none"
)

// match is what a header may mean; of two columns that mean the same, the lower
// rank wins.
type match struct {
	column     Column
	confidence Confidence
	rank       int
}

const likelyRank = 1000 // any exact match is better

var (
	bracketed = regexp.MustCompile(`\(([^)]*)\)`)
	dressing  = strings.NewReplacer("*", "", ":", "", "_", "", "【", "", "】", "", "[", "", "]", "")
)

// matchHeader says what a header of one or more rows may mean, from the top
// part to the bottom part.
func matchHeader(parts []string) match {
	last := parts[len(parts)-1]
	if len(parts) > 1 {
		if m := matchExact(parts[len(parts)-2] + last); m.column != "" {
			return m
		}
	}
	for i := len(parts) - 1; i >= 0; i-- {
		if m := matchOne(parts[i]); m.column != "" {
			return m
		}
	}
	return match{confidence: NoMatch}
}

// matchOne reads one header. What stands in brackets counts first, as in
// 责任单位(配合), unless it is no name, as in 涉及金额(万元).
func matchOne(s string) match {
	s = dressing.Replace(loose(s))
	for _, b := range bracketed.FindAllStringSubmatch(s, -1) {
		if m := matchExact(b[1]); m.column != "" {
			return m
		}
	}
	if bare := bracketed.ReplaceAllString(s, ""); bare != "" {
		s = bare
	}
	if m := matchExact(s); m.column != "" {
		return m
	}
	return matchLikely(s)
}

func matchExact(s string) match {
	s = dressing.Replace(loose(s))
	for _, n := range columnNames {
		for rank, name := range n.names {
			if s == name {
				return match{n.column, Exact, rank}
			}
		}
	}
	return match{}
}

// matchLikely finds the known name that ends last in s, and of several the
// longest: in Chinese the head of a phrase comes last, so that
// 整改措施落实情况 is progress and 问题整改责任人 a person.
func matchLikely(s string) match {
	var best match
	end, length := 0, 0
	for _, n := range columnNames {
		for rank, name := range n.names {
			i := strings.LastIndex(s, name)
			if i < 0 || len(name) < len("两字") {
				continue
			}
			if e := i + len(name); e > end || e == end && len(name) > length {
				best, end, length = match{n.column, Likely, likelyRank + rank}, e, len(name)
			}
		}
	}
	return best
}
