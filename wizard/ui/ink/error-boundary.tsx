import { Component, type ReactNode } from 'react';

type ErrorBoundaryProps = { children: ReactNode; onCrash: (error: Error) => void };

/** A screen that throws ends the drawing, not the run: whoever waits for an answer is told. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override componentDidCatch(error: Error): void {
    this.props.onCrash(error);
  }

  override render(): ReactNode {
    return this.state.isBroken ? null : this.props.children;
  }
}
