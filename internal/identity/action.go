package identity

import "slices"

// Action names a use case that is subject to authorization.
type Action string

// The actions. Beside each: what the resource describes.
const (
	// ActionReadCatalogue reads the published version of a service or offering.
	ActionReadCatalogue Action = "read.catalogue"
	// ActionReadModel reads the working version of an object, figures and what-if included.
	ActionReadModel Action = "read.model"
	// ActionReadFindings reads findings; the resource is their subject.
	ActionReadFindings Action = "read.findings"
	// ActionReadHistory reads who changed an object, when and why.
	ActionReadHistory Action = "read.history"
	// ActionReadAccess reads accounts and grants (resource kind "account").
	ActionReadAccess Action = "read.access"
	// ActionReadAttachment reads an attachment; the resource is the object that carries it.
	ActionReadAttachment Action = "attachment.read"
	// ActionExport writes tables or the whole model out; each row is filtered as a read besides.
	ActionExport Action = "export.run"

	// ActionChangeDraft makes or edits a draft (resource kind "draft", Author its
	// author: for a new draft the actor himself).
	ActionChangeDraft Action = "change.draft"
	// ActionChangeCommit creates, changes or deletes an object of the model. Ask
	// with the object as it was before; for a new one, as it will be.
	ActionChangeCommit Action = "change.commit"
	// ActionWriteAttachment adds or removes an attachment of an object.
	ActionWriteAttachment Action = "attachment.write"
	// ActionImport reads tables or deployments into a draft (resource kind "draft").
	ActionImport Action = "import.run"

	// ActionSubmit asks for the publication of a service.
	ActionSubmit Action = "decision.submit"
	// ActionPublish publishes a submitted service (Author: who submitted it).
	ActionPublish Action = "decision.publish"
	// ActionRefuse refuses a submitted service (Author: who submitted it).
	ActionRefuse Action = "decision.refuse"
	// ActionGrantWaiver waives a finding (Process: that of its rule; Author: who
	// submitted its subject for publication, where a submission stands).
	ActionGrantWaiver Action = "waiver.grant"
	// ActionSignBaseline takes standing findings over as a baseline (kind "organisation").
	ActionSignBaseline Action = "baseline.sign"

	// ActionManageAccess creates and deactivates accounts, grants and revokes
	// roles, issues password links (resource kind "account").
	ActionManageAccess Action = "access.manage"
	// ActionManageOwnAccount changes one's own password, name and language and
	// ends one's own sessions (resource kind "account", Name the account's identifier).
	ActionManageOwnAccount Action = "access.own"
	// ActionErase erases personal data, keeping every proof valid.
	ActionErase Action = "erase"
	// ActionRestore writes back a saved state, decisions and waivers included.
	ActionRestore Action = "restore"
)

// actionFacts describes one action.
type actionFacts struct {
	action Action
	// groups are the action groups that policies use.
	groups []string
}

const (
	// readsObjects groups the actions that show an object of the model.
	readsObjects = "read-object"
	// changesObjects groups the actions that change an object of the model.
	changesObjects = "change-object"
	// decides groups the actions that need somebody other than the author.
	decides = "decide"
)

var actions = []actionFacts{
	{ActionReadCatalogue, nil},
	{ActionReadModel, []string{readsObjects}},
	{ActionReadFindings, []string{readsObjects}},
	{ActionReadHistory, []string{readsObjects}},
	{ActionReadAccess, nil},
	{ActionReadAttachment, []string{readsObjects}},
	{ActionExport, nil},
	{ActionChangeDraft, nil},
	{ActionChangeCommit, []string{changesObjects}},
	{ActionWriteAttachment, []string{changesObjects}},
	{ActionImport, nil},
	{ActionSubmit, nil},
	{ActionPublish, []string{decides}},
	{ActionRefuse, []string{decides}},
	{ActionGrantWaiver, []string{decides}},
	{ActionSignBaseline, nil},
	{ActionManageAccess, nil},
	{ActionManageOwnAccount, nil},
	{ActionErase, nil},
	{ActionRestore, nil},
}

// Actions lists every action.
func Actions() []Action {
	all := make([]Action, len(actions))
	for i, f := range actions {
		all[i] = f.action
	}
	return all
}

func (a Action) index() int {
	return slices.IndexFunc(actions, func(f actionFacts) bool { return f.action == a })
}

// Valid reports whether a is one of the actions. Authorize refuses others.
func (a Action) Valid() bool { return a.index() >= 0 }

// Reads reports whether a shows things and changes none.
func (a Action) Reads() bool {
	switch a {
	case ActionReadCatalogue, ActionReadModel, ActionReadFindings, ActionReadHistory,
		ActionReadAccess, ActionReadAttachment, ActionExport:
		return true
	}
	return false
}
