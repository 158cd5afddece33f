import { Component, type ReactNode } from "react";
import { withTranslation, type WithTranslation } from "react-i18next";
import { Page, ProblemView } from "../parts/Page";

interface Props extends WithTranslation {
  children: ReactNode;
}

/** Catches a page that fails to draw and says so, so that the frame stays usable. */
class PlainBoundary extends Component<Props, { failure: Error | null }> {
  override state = { failure: null as Error | null };

  static getDerivedStateFromError(failure: Error) {
    return { failure };
  }

  override render() {
    if (!this.state.failure) return this.props.children;
    return (
      <Page title={this.props.t("state.failed")}>
        <ProblemView problem={this.state.failure} retry={() => this.setState({ failure: null })} />
      </Page>
    );
  }
}

export const Boundary = withTranslation()(PlainBoundary);
