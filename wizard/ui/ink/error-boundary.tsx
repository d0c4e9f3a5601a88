import { Component, type ReactNode } from 'react';

type ErrorBoundaryProps = { children: ReactNode; onCrash: (error: Error) => void };

/** Catches errors of screens: rendering ends, the run does not, and an open prompt is rejected. */
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
