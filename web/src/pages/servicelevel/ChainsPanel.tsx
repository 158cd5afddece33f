import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "../../api/queries";
import { localText, splitRef, typeset } from "../../format/text";
import { Awaited, Empty, Panel } from "../../parts/Page";
import { RecordTable } from "../../parts/RecordTable";
import { StatusMark } from "../../parts/StatusMark";
import { WhyDrawer, type WhyQuestion } from "../service/WhyDrawer";
import { ChainPicture } from "./ChainPicture";
import css from "./ServiceLevel.module.css";
import { Values } from "./Values";
import type { Chain, Chains } from "./wishes";

/** What stands behind every target of an agreement or requirement: drawn, computed, and as a table. */
export function ChainsPanel({ kind, name }: { kind: string; name: string }) {
  const { t, i18n } = useTranslation();
  const query = useModel<Chains>(`/service-levels/chain/${kind}/${name}`);
  const [why, setWhy] = useState<WhyQuestion | null>(null);
  const [asked, setAsked] = useState(false);
  return (
    <Panel id="chain" title={t("attain.chain")} lead={t("attain.chainLead")} flush>
      <Awaited query={query} lines={6}>
        {(data) => {
          const chains = data.chains ?? [];
          if (chains.length === 0) return <Empty title={t("attain.noChain")}>{typeset(data.sentence, i18n.language)}</Empty>;
          return (
            <>
              <p className={css.lead}>{typeset(data.sentence, i18n.language)}</p>
              <ul className={css.chains}>
                {chains.map((chain, index) => (
                  <li key={index}>
                    <details className={css.details}>
                      <summary>
                        <StatusMark status={chain.mark} /> <strong>{localText(chain.service.title, i18n.language)}</strong>{" "}
                        {chain.label} {typeset(chain.promised, i18n.language)} · {chain.word}
                      </summary>
                      <Opened
                        chain={chain}
                        onWhy={(question) => {
                          setWhy(question);
                          setAsked(true);
                        }}
                      />
                    </details>
                  </li>
                ))}
              </ul>
              <details className={css.details}>
                <summary>{t("attain.asTable")}</summary>
                <RecordTable
                  label={data.table.title ?? ""}
                  columns={data.table.columns ?? []}
                  rows={data.table.rows ?? []}
                  keep="promise-chain"
                  maxHeight={420}
                />
              </details>
              <WhyDrawer question={why} opened={asked} onClose={() => setAsked(false)} />
            </>
          );
        }}
      </Awaited>
    </Panel>
  );
}

function Opened({ chain, onWhy }: { chain: Chain; onWhy: (question: WhyQuestion) => void }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={css.opened}>
      <p className={css.sentence}>{typeset(chain.sentence, i18n.language)}</p>
      <ChainPicture chain={chain} />
      <Values values={chain.values ?? []} onWhy={onWhy} />
      <Button
        component={Link}
        to="/service-levels/attain"
        search={{ service: splitRef(chain.service.ref).name } as never}
        size="compact-sm"
        variant="default"
      >
        {t("attain.ask")}
        <span className="visually-hidden"> {localText(chain.service.title, i18n.language)}</span>
      </Button>
    </div>
  );
}
