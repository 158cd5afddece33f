package model

// Organisation is the one object of settings of the whole model.
type Organisation struct {
	Languages        []string       `json:"languages,omitempty,omitzero" enum:"en=English|Anglais;fr=French|Français" l:"Languages|Langues"`
	Zone             string         `json:"zone,omitempty,omitzero" l:"Time zone|Fuseau horaire"`
	Currency         string         `json:"currency,omitempty,omitzero" l:"Currency|Devise"`
	Color            string         `json:"color,omitempty,omitzero" l:"Colour|Couleur"`
	Objectives       []Objective    `json:"objectives,omitempty,omitzero" mat:"y" l:"Objectives|Objectifs"`
	Horizon          Period         `json:"horizon,omitempty,omitzero" mat:"y" l:"Planning horizon|Horizon de planification"`
	Appetite         *int           `json:"appetite,omitempty,omitzero" mat:"y" l:"Risk appetite|Appétence au risque" h:"Highest likelihood × gravity that needs neither treatment nor acceptance.|Produit vraisemblance × gravité le plus élevé qui se passe de traitement et d'acceptation."`
	RiskOwners       []Ref          `json:"riskOwners,omitempty,omitzero" ref:"person,role-assignment" l:"May accept risks|Peuvent accepter un risque"`
	Threshold        *Percent       `json:"threshold,omitempty,omitzero" mat:"y" l:"Capacity warning threshold|Seuil d'alerte de capacité"`
	Concentration    *Percent       `json:"concentration,omitempty,omitzero" mat:"y" l:"Concentration threshold|Seuil de concentration" h:"Share of critical services that may fall with one supplier.|Part des services critiques qui peut tomber avec un fournisseur."`
	Profile          string         `json:"profile,omitempty,omitzero" mat:"y" enum:"iso-20000=ISO/IEC 20000-1|ISO/IEC 20000-1;dora=DORA|DORA;nis2=NIS 2|NIS 2;hds=HDS|HDS;small=Small team|Petite équipe" l:"Severity profile|Profil de sévérité"`
	Severities       []Severity     `json:"severities,omitempty,omitzero" mat:"y" l:"Severities changed|Sévérités modifiées"`
	Stages           []StageGate    `json:"stages,omitempty,omitzero" mat:"y" l:"Sections each stage requires|Sections exigées par étape"`
	PublicCatalogue  bool           `json:"publicCatalogue,omitempty,omitzero" l:"Catalogue readable without an account|Catalogue lisible sans compte"`
	Families         []Family       `json:"families,omitempty,omitzero" l:"Families of the catalogue|Familles du catalogue" h:"Names that services give as their family, in the order in which the catalogue shows them.|Noms que les services donnent comme famille, dans l'ordre du catalogue."`
	DefaultAgreement Ref            `json:"defaultAgreement,omitempty,omitzero" ref:"agreement" mat:"y" l:"Agreement by default|Accord par défaut"`
	Defaults         []ClassDefault `json:"defaults,omitempty,omitzero" mat:"y" l:"Reliability by class|Fiabilité par classe"`
	MTTRCounts       string         `json:"mttrCounts,omitempty,omitzero" mat:"y" enum:"work=Work, in the hours of those who restore|Le travail, aux heures de ceux qui rétablissent;down=All down time, waiting included|Toute l'indisponibilité, attente comprise" l:"A declared MTTR counts|Un MTTR déclaré compte" h:"Work, if empty: the prediction adds the time to wait until those who restore are at work, wherever a component says who they are. A component may say otherwise.|Le travail, si vide : la prévision y ajoute l'attente de ceux qui rétablissent, hors de leurs heures, là où un composant dit qui ils sont. Un composant peut en décider autrement."`
	RecordedSince    Date           `json:"recordedSince,omitempty,omitzero" mat:"y" l:"All interruptions recorded since|Toutes les interruptions consignées depuis le" h:"From this day on every interruption is in the model, so that quiet times count too: declared failure figures are corrected by what was observed since.|À partir de ce jour toute interruption figure au modèle, si bien que les périodes calmes comptent aussi : les chiffres de panne déclarés sont corrigés par ce qui a été observé depuis."`
}

// Objective is something the organisation wants.
type Objective struct {
	Name  string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Title Text   `json:"title,omitempty,omitzero" l:"Title|Intitulé"`
	// Opposes names objectives that pull the other way: more of one is less of the other.
	Opposes []string `json:"opposes,omitempty,omitzero" l:"Pulls against|S'oppose à" h:"Names of objectives that pull the other way, such as lowest cost against help at every hour. A service that serves both must say how they are weighed.|Noms d'objectifs qui tirent en sens contraire, par exemple le moindre coût et l'aide à toute heure. Un service qui sert les deux doit dire comment il les pondère."`
	Targets []Target `json:"targets,omitempty,omitzero" l:"Levels it asks for|Niveaux qu'il demande" h:"Levels below which a service does not serve this objective.|Niveaux en dessous desquels un service ne sert pas cet objectif."`
}

// Family is a family of services as the catalogue shows it.
type Family struct {
	Name      string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Title     Text   `json:"title,omitempty,omitzero" l:"Title|Intitulé"`
	Pictogram string `json:"pictogram,omitempty,omitzero" l:"Pictogram|Pictogramme"`
}

// Severity changes the severity of a rule.
type Severity struct {
	Rule     string       `json:"rule,omitempty,omitzero" l:"Rule|Règle"`
	Severity RuleSeverity `json:"severity,omitempty,omitzero" l:"Severity|Sévérité"`
	Because  Text         `json:"because,omitempty,omitzero" l:"Because|Parce que"`
}

// StageGate lists the sections of the service design package that a stage requires.
type StageGate struct {
	Stage    Stage     `json:"stage,omitempty,omitzero" l:"Stage|Étape"`
	Sections []Section `json:"sections,omitempty,omitzero" l:"Sections|Sections"`
}

// ClassDefault gives components of a class, or objects of a kind, reliability data
// when they have none.
type ClassDefault struct {
	Class        string       `json:"class,omitempty,omitzero" l:"Class|Classe" h:"A class of component, or one of site, supplier, team, person, tool; product for faults common to all that runs one product at a version.|Une classe de composant, ou l'un de : site, supplier, team, person, tool ; product pour les pannes communes à tout ce qui exécute un même produit dans une même version."`
	Product      string       `json:"product,omitempty,omitzero" l:"Only for the product|Seulement pour le produit"`
	Version      string       `json:"version,omitempty,omitzero" l:"Only for the version|Seulement pour la version"`
	Availability Availability `json:"availability" l:"Availability|Disponibilité"`
}
